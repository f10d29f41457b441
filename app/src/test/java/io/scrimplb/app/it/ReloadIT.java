package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** HUP reads the load balancer's file again; a mistake in it changes nothing. */
@Timeout(60)
class ReloadIT {
    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    @Test
    void aChangedFileCountsAfterHupAndABadOneIsReportedAndChangesNothing() throws Exception {
        Site site = new Site(rig, directory);
        Origin first = rig.closing(Origin.named("first"));
        Origin second = rig.closing(Origin.named("second"));
        int port = Ports.listen();
        ObjectNode config = site.member(Ports.any());
        Path file = site.write("lb.json", pointing(config, first, port));
        Scrimp lb = rig.scrimp("lb", "-c", file.toString()).start();
        lb.awaitLog("load balancer ready");
        Waiting.routed(port, "old.test", "first");

        Site.replace(file, "{\n  \"load-balancer-config\": { \"static-backend\": [] }\n}\n");
        lb.signal("HUP");
        assertThat(lb.awaitLog("not reloaded"))
                .contains(file + ":2:")
                .contains("static-backend")
                .contains("did you mean");
        assertThat(Exchange.get(port, "old.test", "/").body()).isEqualTo("first");

        Site.replace(file, pointing(config, second, port).toString());
        lb.signal("HUP");
        Waiting.routed(port, "old.test", "second");
        assertThat(lb.isAlive()).isTrue();
        assertThat(lb.stderr()).filteredOn(line -> line.contains(" ERROR ")).hasSize(1);
    }

    private static ObjectNode pointing(ObjectNode config, Origin origin, int port) {
        ObjectNode old = config.putObject("load-balancer-config")
                .putArray("static-backends")
                .addObject();
        old.put("name", "old").put("listen-port", port);
        old.putArray("addresses").add("127.0.0.1:" + origin.port());
        old.set("domains", Site.object().arrayNode().add("old.test"));
        return config;
    }
}
