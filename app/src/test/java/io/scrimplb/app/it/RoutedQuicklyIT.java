package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The main job in separate processes: what a backend offers is routed soon after it says so. */
@Timeout(120)
class RoutedQuicklyIT {
    /** The goal is one second beyond the JVM's own start; a busy machine that builds something else gets this. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(5);

    private static final Duration FILE_CHANGE = Duration.ofSeconds(2);
    private static final int STARTS = 3;

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    @Test
    void aBackendIsRoutedSoonAfterItsStart() throws Exception {
        Site site = new Site(rig, directory);
        Site.Balancer balancer = site.balancer();
        Origin origin = rig.closing(Origin.named("blog"));
        Duration jvm = rig.jvmStart();
        List<Duration> beyond = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            int port = Ports.listen();
            long start = System.nanoTime();
            Scrimp backend = site.backend("blog" + i, origin.port(), "blog.test", port);
            Waiting.routed(port, "blog.test", "blog");
            beyond.add(Figures.since(start).minus(jvm));
            String name = "blog" + i;
            // The status is told after the swap, so the answer may have been quicker.
            Waiting.until(
                    "the status has it", () -> balancer.admin().endpoints(name).size() == 1);
            backend.term();
            assertThat(backend.awaitExit()).isZero();
        }
        Figures.tell("JVM start (--version)", jvm);
        Figures.tell("start of a backend to its first routed answer, beyond the JVM's start", beyond);
        assertThat(Figures.median(beyond)).isLessThan(FIRST_ANSWER);
    }

    @Test
    void filesOfTheDirectoryAreFollowedWhileABackendWithAFlagStays() throws Exception {
        Site site = new Site(rig, directory);
        Path apps = Files.createDirectory(directory.resolve("apps.d"));
        Site.Balancer balancer = site.balancer();
        Origin flagged = rig.closing(Origin.named("flagged"));
        Origin first = rig.closing(Origin.named("first"));
        Origin second = rig.closing(Origin.named("second"));
        int port = Ports.listen();
        site.backend("flagged", flagged.port(), "flagged.test", port);
        Path config = site.backendFile(
                file -> file.putObject("backend-config").put("application-config-dir", apps.toString()));
        Scrimp agent = rig.scrimp("backend", "-c", config.toString()).start();
        Waiting.routed(port, "flagged.test", "flagged");
        Waiting.until(
                "both backends are in the cluster",
                () -> balancer.admin().status().path("members").size() == 3);

        Path file = apps.resolve("shop.scrimp.json");
        Site.replace(file, application("shop", first.port(), port));
        Duration added = Waiting.routed(port, "shop.test", "first");

        Site.replace(file, application("shop", second.port(), port));
        Duration changed = Waiting.routed(port, "shop.test", "second");

        Site.replace(apps.resolve("bad.scrimp.json"), "{\n  \"name\": \"bad\",\n  \"aplication-port\": 1\n}\n");
        String complaint = agent.awaitLog("bad.scrimp.json:3:");
        assertThat(complaint).contains("did you mean").contains("application-port");
        assertThat(Exchange.get(port, "shop.test", "/").body()).isEqualTo("second");

        Files.delete(file);
        Duration removed = Waiting.until(
                "shop is out of the table",
                () -> balancer.admin().endpoints("shop").isEmpty());
        assertThat(Exchange.get(port, "shop.test", "/").status()).isEqualTo(503);
        assertThat(Exchange.get(port, "flagged.test", "/").body()).isEqualTo("flagged");

        Figures.tell("file added to its first routed answer", added);
        Figures.tell("file changed to its first routed answer", changed);
        Figures.tell("file removed to out of the table", removed);
        assertThat(List.of(added, changed, removed)).allMatch(time -> time.compareTo(FILE_CHANGE) <= 0);
        JsonNode problems = balancer.admin().status().path("problems");
        assertThat(problems)
                .as("problems of the load balancer")
                .noneMatch(problem -> problem.toString().contains("shop")
                        || problem.toString().contains("flagged"));
    }

    private static String application(String name, int applicationPort, int listenPort) {
        return Site.object()
                .put("name", name)
                .put("listen-port", Integer.toString(listenPort))
                .put("application-port", Integer.toString(applicationPort))
                .set("domains", Site.object().arrayNode().add(name + ".test"))
                .toString();
    }
}
