package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Backend processes that die, hang or leave while their applications, which live in this JVM, go on answering. */
@Timeout(120)
class FailureIT {
    private static final Duration KILLED = Duration.ofSeconds(3);
    private static final Duration HUNG = Duration.ofSeconds(10);
    private static final int KILLS = 3;
    private static final int REQUESTS_PER_SECOND = 500;

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    @Test
    void aKilledBackendIsOutOfTheTableWithinThreeSeconds() throws Exception {
        Site site = new Site(rig, directory);
        Site.Balancer balancer = site.balancer();
        Origin staying = rig.closing(Origin.named("staying"));
        Origin dying = rig.closing(Origin.named("dying"));
        int port = Ports.listen();
        site.backend("web", staying.port(), "web.test", port);
        List<String> survivor = List.of("127.0.0.1:" + staying.port());
        List<Duration> unused = new ArrayList<>();
        List<Duration> gone = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            Scrimp backend = site.backend("web", dying.port(), "web.test", port);
            awaitEndpoints(balancer, 2);
            backend.kill();
            long start = System.nanoTime();
            Waiting.until("the killed one is not used", () -> used(balancer).equals(survivor));
            unused.add(Figures.since(start));
            Waiting.until(
                    "the killed one is out of the table",
                    () -> endpoints(balancer).equals(survivor));
            gone.add(Figures.since(start));
        }
        Figures.tell("kill -9 to not used", unused);
        Figures.tell("kill -9 to out of the table", gone);
        assertThat(gone).allMatch(time -> time.compareTo(KILLED) <= 0);
        assertThat(Exchange.get(port, "web.test", "/").body()).isEqualTo("staying");
    }

    @Test
    void aHungBackendIsLeftOutWithinTenSecondsAndIsBackWhenItGoesOn() throws Exception {
        Site site = new Site(rig, directory);
        Site.Balancer balancer = site.balancer();
        Origin steady = rig.closing(Origin.named("steady"));
        Origin hanging = rig.closing(Origin.named("hanging"));
        int port = Ports.listen();
        site.backend("web", steady.port(), "web.test", port);
        Scrimp backend = site.backend("web", hanging.port(), "web.test", port);
        awaitEndpoints(balancer, 2);

        backend.signal("STOP");
        List<String> survivor = List.of("127.0.0.1:" + steady.port());
        Duration out =
                Waiting.until("the hung one is not used", () -> used(balancer).equals(survivor));
        for (int i = 0; i < 4; i++) {
            assertThat(Exchange.get(port, "web.test", "/").body()).isEqualTo("steady");
        }
        // Long enough for it to be voted out, so that it has to come back as a newcomer does.
        Waiting.until(
                "the hung one is out of the table", () -> endpoints(balancer).equals(survivor));
        backend.signal("CONT");
        Duration back = awaitEndpoints(balancer, 2);

        Figures.tell("SIGSTOP to not used", out);
        Figures.tell("SIGCONT to used again", back);
        assertThat(out).isLessThanOrEqualTo(HUNG);
    }

    @Test
    void aCleanEndFailsNoRequestOfASteadyLoad() throws Exception {
        Site site = new Site(rig, directory);
        Site.Balancer balancer = site.balancer();
        Origin staying = rig.closing(Origin.named("staying"));
        Origin leaving = rig.closing(Origin.named("leaving"));
        int port = Ports.listen();
        site.backend("web", staying.port(), "web.test", port);
        Scrimp backend = site.backend("web", leaving.port(), "web.test", port);
        awaitEndpoints(balancer, 2);

        Load load = rig.closing(new Load(port, "web.test", REQUESTS_PER_SECOND));
        Waiting.until("the load runs", () -> load.answered() > 2 * REQUESTS_PER_SECOND);
        assertThat(leaving.requests()).isGreaterThan(REQUESTS_PER_SECOND / 2);

        backend.term();
        Duration out = Waiting.until(
                "the leaving one is out of the table",
                () -> endpoints(balancer).equals(List.of("127.0.0.1:" + staying.port())));
        long last = leaving.requests();
        long mark = load.answered();
        assertThat(backend.awaitExit()).isZero();
        Waiting.until("the load goes on", () -> load.answered() > mark + REQUESTS_PER_SECOND);
        load.close();

        Figures.tell("TERM of a backend to out of the table", out);
        Figures.tell(
                "requests under that load",
                load.answered() + " at " + load.rate() + "/s, failed: "
                        + load.failures().size());
        assertThat(load.failures()).isEmpty();
        assertThat(out).isLessThanOrEqualTo(KILLED);
        // What was on its way when the table was read may still arrive.
        assertThat(leaving.requests() - last).as("requests after it left").isLessThanOrEqualTo(10);
    }

    private static Duration awaitEndpoints(Site.Balancer balancer, int count) {
        return Waiting.until(count + " endpoints are used", () -> used(balancer).size() == count);
    }

    private static List<String> used(Site.Balancer balancer) throws Exception {
        return balancer.admin().usedEndpoints("web");
    }

    private static List<String> endpoints(Site.Balancer balancer) throws Exception {
        return balancer.admin().endpoints("web");
    }
}
