package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How sockets are served, as the jar does it: the libraries it brings, and what it does without them. */
@Timeout(60)
class TransportIT {
    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    private Path config(Site site, Origin origin, int port, String transport) throws Exception {
        ObjectNode config = site.member(Ports.any());
        ObjectNode own = config.withObject("/load-balancer-config");
        own.put("transport", transport);
        ObjectNode web = own.withArray("static-backends").addObject();
        web.put("name", "web").put("listen-port", port);
        web.putArray("addresses").add("127.0.0.1:" + origin.port());
        web.putArray("domains").add("web.test");
        return site.write(transport + origin.port() + ".json", config);
    }

    private static List<String> fallbacks(Scrimp lb) {
        return lb.stderr().stream()
                .filter(line -> line.contains("is used instead"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "epoll", "io_uring", "nio"})
    void everyTransportServesAndSaysSoWhenItIsAnotherOne(String transport) throws Exception {
        Site site = new Site(rig, directory);
        Origin origin = rig.closing(Origin.named("web"));
        int port = Ports.listen();

        Scrimp lb = rig.scrimp("lb", "-c", config(site, origin, port, transport).toString())
                .start();

        Waiting.routed(port, "web.test", "web");
        // A machine without io_uring says why, in one line.
        assertThat(fallbacks(lb)).hasSizeLessThanOrEqualTo(transport.equals("io_uring") ? 1 : 0);
    }

    @Test
    void withoutTheLibrariesTheJdksOwnIsUsedAndOneLineSaysWhy() throws Exception {
        Site site = new Site(rig, directory);
        Origin origin = rig.closing(Origin.named("web"));
        int port = Ports.listen();

        Scrimp lb = rig.scrimp(
                        "lb", "-c", config(site, origin, port, "io_uring").toString())
                .jvm("-Xmx64m", "-Dio.netty.transport.noNative=true")
                .start();

        Waiting.routed(port, "web.test", "web");
        assertThat(fallbacks(lb)).hasSize(1);
        assertThat(fallbacks(lb).get(0))
                .contains("io_uring cannot be used: ")
                .contains("epoll cannot be used: ")
                .contains("NIO is used instead");
    }

    @Test
    void aSecondLoadBalancerDoesNotShareThePortsOfTheFirst() throws Exception {
        Site site = new Site(rig, directory);
        Origin first = rig.closing(Origin.named("first"));
        Origin second = rig.closing(Origin.named("second"));
        int port = Ports.listen();
        rig.scrimp("lb", "-c", config(site, first, port, "epoll").toString()).start();
        Waiting.routed(port, "web.test", "first");

        Scrimp other = rig.scrimp(
                        "lb", "-c", config(site, second, port, "epoll").toString())
                .start();

        other.awaitLog(
                line -> line.contains(":" + port + " is taken by another program"), "that port " + port + " is taken");
        for (int i = 0; i < 20; i++) {
            assertThat(Exchange.get(port, "web.test", "/").body()).isEqualTo("first");
        }
    }
}
