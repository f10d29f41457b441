package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The benchmark in its quick mode against nginx. A machine that builds is no place to measure, so this finds only what
 * is absurd: twice nginx's work, or half of its speed.
 */
@Timeout(180)
class BenchmarkSmokeIT {
    private static final Path DIRECTORY =
            Path.of("..", "proxy-core", "bench").toAbsolutePath().normalize();
    /** What the command exits with when it lacks a tool. */
    private static final int MISSING = 3;
    /** It ends itself before. */
    private static final Duration LIMIT = Duration.ofSeconds(160);

    private static final double MOST_CPU = 2.0;
    private static final double LEAST_RATE = 0.5;
    /** Share of its CPU from which on a proxy counts as saturated. */
    private static final double SATURATED = 0.9;

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    @Test
    void costsAndSpeedAreNotAbsurdBesideNginx() throws Exception {
        JsonNode summary = measure();
        for (String scenario : List.of("small", "tcp-small")) {
            JsonNode ours = summary.path(scenario).path("scrimp");
            JsonNode nginx = summary.path(scenario).path("nginx");
            // Whoever else uses the machine, and a late compilation, only add to the cost: the best round tells.
            double cpu = least(ours) / least(nginx);
            double rate = ours.path("rps_ratio").path("nginx").path("median").asDouble();
            Figures.tell(
                    "benchmark smoke, " + scenario,
                    String.format(
                            Locale.ROOT,
                            "CPU a request %.2f of nginx's (%.1f us of %.1f us), requests a second %.2f",
                            cpu,
                            least(ours),
                            least(nginx),
                            rate));
            assertThat(ours.path("errors").asInt(-1)).as("errors, %s", scenario).isZero();
            assertThat(cpu)
                    .as("CPU a request as a multiple of nginx's, %s", scenario)
                    .isBetween(0.1, MOST_CPU);
            // A proxy that others kept from its CPU is slow by no fault of its own.
            if (saturated(ours) && saturated(nginx)) {
                assertThat(rate)
                        .as("requests a second as a multiple of nginx's, %s", scenario)
                        .isGreaterThan(LEAST_RATE);
            }
        }
    }

    @Test
    void figuresAreMadeAsTheTestsOfTheBenchmarkSay() throws Exception {
        Scrimp tests = start("-B", "-m", "unittest", "discover", "--start-directory", DIRECTORY.toString());
        assertThat(tests.awaitExit()).as(tests.report()).isZero();
    }

    private JsonNode measure() throws Exception {
        Path results = directory.resolve("results.json");
        Scrimp benchmark = start(
                DIRECTORY.resolve("run").toString(),
                "--quick",
                "--peers=nginx",
                "--jar=" + Rig.jar(),
                "--java=" + Rig.thisJava(),
                "--out=" + results);
        int exit = benchmark.awaitExit(LIMIT);
        if (exit == MISSING) {
            return skip(String.join(" ", benchmark.stderr()));
        }
        assertThat(exit).as(benchmark.report()).isZero();
        return new ObjectMapper().readTree(results.toFile()).path("summary");
    }

    private Scrimp start(String... arguments) {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        try {
            return rig.closing(new Scrimp("the benchmark", new ProcessBuilder(command).start()));
        } catch (IOException e) {
            return skip("python3 is missing: apt-get install python3");
        }
    }

    /** Where a tool is missing; a build that counts has all of them. */
    private static <T> T skip(String reason) {
        return "true".equals(System.getenv("CI")) ? fail(reason) : abort(reason);
    }

    private static double least(JsonNode figures) {
        return figures.path("cpu_us_least").asDouble();
    }

    private static boolean saturated(JsonNode figures) {
        return figures.path("busy").asDouble() >= SATURATED;
    }
}
