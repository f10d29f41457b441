package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The two commands of the first page, on two hosts, with no file anywhere. */
@Timeout(90)
class FirstRunIT {
    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void oneCommandOnEachOfTwoHostsIsEnough(@TempDir Path empty) throws Exception {
        Fabric fabric = rig.closing(Fabric.createOrSkip());
        fabric.host("public", 1);
        fabric.host("blog", 11);
        rig.applications(fabric, "blog", "hello=8081");

        Scrimp lb = rig.scrimp("lb").under(fabric.on("public")).in(empty).start();
        lb.awaitLog("load balancer ready");
        rig.scrimp("backend", "--join", fabric.address(1), "--app", "blog=8081,blog.example.com")
                .under(fabric.on("blog"))
                .in(empty)
                .start();
        Waiting.until(
                "the application answers at port 80",
                () -> fabric.output(
                                "public", "curl", "-s", "-m", "10", "-H", "Host: blog.example.com", "http://127.0.0.1/")
                        .equals("hello"));

        Scrimp healthy =
                rig.scrimp("healthcheck").under(fabric.on("public")).in(empty).run();
        assertThat(healthy.awaitExit()).as(healthy.report()).isZero();
        lb.signal("INT");
        assertThat(lb.awaitExit()).isZero();
        Scrimp gone =
                rig.scrimp("healthcheck").under(fabric.on("public")).in(empty).run();
        assertThat(gone.awaitExit()).as(gone.report()).isEqualTo(1);
        assertThat(gone.stderr()).hasSize(1);
    }
}
