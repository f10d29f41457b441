package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What people get wrong: one line that says what, where and what to do, the right exit code, and the rest keeps working. */
@Timeout(60)
class MistakesIT {
    /** What a backend's patience with a seed cannot be less than: its searches take half a second each at the very least. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int CONFIGURATION = 3;
    private static final int PORT = 4;

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    @Test
    void aPublicAddressWithoutASecretIsRefused() throws Exception {
        Path file = write("lb.json", "{\"bind-address\": \"8.8.8.8\", \"admin-address\": \"off\"}");
        Scrimp lb = rig.scrimp("lb", "-c", file.toString()).run();
        assertThat(onlyComplaint(lb, CONFIGURATION)).contains("bind-address", "8.8.8.8", "secret");
    }

    @Test
    void anUnknownKeyIsReportedWithItsPlaceAndASuggestion() throws Exception {
        Path file = write(
                "lb.json",
                "{\n  \"admin-address\": \"off\",\n  \"load-balancer-config\": {\n"
                        + "    \"push-perod\": \"5s\"\n  }\n}\n");
        String place = file + ":4:5";
        Scrimp lb = rig.scrimp("lb", "-c", file.toString()).run();
        assertThat(onlyComplaint(lb, CONFIGURATION))
                .startsWith(place)
                .contains("push-perod", "did you mean", "push-period");
        Scrimp validate = rig.scrimp("validate", "-c", file.toString()).run();
        assertThat(onlyComplaint(validate, CONFIGURATION)).startsWith(place);
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws Exception {
        Path missing = directory.resolve("nowhere.json");
        assertThat(onlyComplaint(rig.scrimp("lb", "-c", missing.toString()).run(), CONFIGURATION))
                .contains(missing.toString());
        Path folder = Files.createDirectory(directory.resolve("folder.json"));
        assertThat(onlyComplaint(rig.scrimp("lb", "-c", folder.toString()).run(), CONFIGURATION))
                .contains(folder.toString());
    }

    @Test
    void theCommandLineIsExplainedWhenItIsWrong() throws Exception {
        Scrimp garbage =
                rig.scrimp("backend", "--join", "127.0.0.1", "--app", "garbage").run();
        assertThat(garbage.awaitExit()).isEqualTo(USAGE);
        assertThat(garbage.stderr()).hasSize(2);
        assertThat(garbage.stderr().get(0)).contains("--app", "garbage", "NAME=PORT");

        Scrimp unknown = rig.scrimp("backnd").run();
        assertThat(unknown.awaitExit()).isEqualTo(USAGE);
        assertThat(unknown.stderr()).hasSize(2);
        assertThat(unknown.stderr().get(0)).contains("backnd", "did you mean", "backend");
    }

    @Test
    void aBackendThatCannotKnowWhomToJoinSaysWhatIsMissing() throws Exception {
        Path file = write("backend.json", "{\"admin-address\": \"off\"}");
        Scrimp backend =
                rig.scrimp("backend", "-c", file.toString(), "--app", "a=8081").run();
        assertThat(onlyComplaint(backend, CONFIGURATION)).contains("provider", "--join");
    }

    @Test
    void takenPortsEndALoadBalancerWithTheirNumber() throws Exception {
        Site site = new Site(rig, directory);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Path cluster = site.write(
                    "cluster.json", site.member(0).put("admin-address", "off").put("port", port));
            assertThat(onlyComplaint(rig.scrimp("lb", "-c", cluster.toString()).run(), PORT))
                    .contains(Integer.toString(port));
            Path admin = site.write("admin.json", site.member(port));
            assertThat(onlyComplaint(rig.scrimp("lb", "-c", admin.toString()).run(), PORT))
                    .contains(Integer.toString(port));
        }
    }

    @Test
    void aCorruptSeedObjectIsReportedOnceAndOverwritten() throws Exception {
        Site site = new Site(rig, directory);
        Files.writeString(site.seedFile(), "{\"seeds\": [ {\"addr");
        Site.Balancer balancer = site.balancer();
        Waiting.until(
                "the seed object is whole again",
                () -> Files.readString(site.seedFile())
                        .matches("(?s)\\{.*\"address\"\\s*:\\s*\"127\\.0\\.0\\.1\".*}\\s*"));
        assertThat(complaints(balancer.process())).hasSize(1).allMatch(line -> line.contains("seeds.json"));
        Origin origin = rig.closing(Origin.named("web"));
        int port = Ports.listen();
        site.backend("web", origin.port(), "web.test", port);
        Waiting.routed(port, "web.test", "web");
    }

    @Test
    void aBackendWhoseLoadBalancerIsAwayWaitsForItAndSaysSoOnce() throws Exception {
        Site site = new Site(rig, directory);
        Origin origin = rig.closing(Origin.named("web"));
        int listen = Ports.listen();
        int cluster = Ports.any();
        Path file = site.backendFile(config -> {
            config.put("provider", "manual");
            config.putObject("provider-config").put("ip", "127.0.0.1").put("port", Integer.toString(cluster));
        });
        Scrimp backend = rig.scrimp(
                        "backend", "-c", file.toString(), "--app", "web=" + origin.port() + ",web.test@" + listen)
                .start();
        backend.awaitLog("looking for a load balancer");
        long looking = System.nanoTime();
        // Several of its attempts fail meanwhile.
        site.balancer(config -> config.put("port", cluster));
        Waiting.routed(listen, "web.test", "web");
        assertThat(backend.isAlive()).isTrue();
        assertThat(backend.stderr().stream().filter(line -> line.contains("looking for a load balancer")))
                .hasSize(1);
        // It waits some seconds before it doubts a seed. A machine that starts a load balancer no sooner gets a line
        // for each
        // of the two addresses, and each cause of it, but none again and again.
        boolean soon = System.nanoTime() - looking < PATIENCE.toNanos();
        assertThat(complaints(backend)).hasSizeLessThanOrEqualTo(soon ? 0 : 4).allMatch(line -> line.contains("seed"));
    }

    @Test
    void anApplicationThatAsksForPort22IsRefusedWhileTheOthersAreRouted() throws Exception {
        Site site = new Site(rig, directory);
        Site.Balancer balancer = site.balancer();
        Origin origin = rig.closing(Origin.named("good"));
        int listen = Ports.listen();
        rig.scrimp(
                        "backend",
                        "-c",
                        site.backendFile().toString(),
                        "--app",
                        "evil=" + origin.port() + ",evil.test@22",
                        "--app",
                        "good=" + origin.port() + ",good.test@" + listen)
                .start();
        Waiting.routed(listen, "good.test", "good");
        // The status is told after the swap, so the answer may have been quicker.
        Waiting.until(
                "the status has it", () -> balancer.admin().endpoints("good").size() == 1);
        JsonNode status = balancer.admin().status();
        assertThat(status.path("problems"))
                .anyMatch(problem -> problem.toString().contains("evil")
                        && problem.toString().contains("22")
                        && problem.toString().contains("allowed-listen-ports"));
        assertThat(status.path("listeners"))
                .isNotEmpty()
                .noneMatch(listener -> listener.path("address").asText().endsWith(":22"));
        assertThat(complaints(balancer.process()).stream().filter(line -> line.contains("evil")))
                .hasSize(1);
    }

    @Test
    void garbageAtTheClusterPortKeepsNobodyOut() throws Exception {
        Site site = new Site(rig, directory);
        int cluster = Ports.any();
        Site.Balancer balancer = site.balancer(config -> config.put("port", cluster));
        byte[] garbage = new byte[1024 * 1024];
        new Random(7).nextBytes(garbage);
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), cluster);
                Socket loud = new Socket(InetAddress.getLoopbackAddress(), cluster)) {
            try {
                OutputStream out = loud.getOutputStream();
                for (int i = 0; i < 10; i++) {
                    out.write(garbage);
                }
            } catch (IOException refused) {
                // As it should be: nothing has to be read to the end.
            }
            Origin origin = rig.closing(Origin.named("web"));
            int listen = Ports.listen();
            site.backend("web", origin.port(), "web.test", listen);
            Waiting.routed(listen, "web.test", "web");
            assertThat(silent.isConnected()).isTrue();
        }
        assertThat(balancer.process().isAlive()).isTrue();
        assertThat(complaints(balancer.process())).hasSizeLessThanOrEqualTo(2);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    /** The one line that a mistake is told in. What a start reports on its way is not counted. */
    private static String onlyComplaint(Scrimp process, int exitCode) throws InterruptedException {
        assertThat(process.awaitExit()).as(process.report()).isEqualTo(exitCode).isNotEqualTo(FAILED);
        assertThat(complaints(process)).as(process.report()).hasSize(1);
        return complaints(process).get(0);
    }

    /** All but the ordinary log, and but what a machine is told whose default listen ports are taken. */
    private static List<String> complaints(Scrimp process) {
        return process.stderr().stream()
                .filter(line -> !line.contains(" INFO "))
                .filter(line -> !line.contains("port 80 cannot be bound") && !line.contains("listener 8080"))
                .toList();
    }
}
