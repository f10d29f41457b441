package io.scrimplb.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.Grant;
import io.scrimplb.membership.trust.JoinToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code scrimp secret}, {@code scrimp token create}, and what of secrets the other commands say. */
@Timeout(60)
class SecretCommandsTest {
    private static final ClusterSecret SECRET = ClusterSecret.generate();

    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private boolean interactive;

    @Test
    void aNewSecretIsAllThatIsPrinted() throws Exception {
        assertThat(run("secret")).isZero();
        String first = out.toString();
        assertThat(run("secret")).isZero();

        assertThat(first).endsWith("\n").isNotEqualTo(out.toString());
        assertThat(first.lines()).hasSize(1);
        assertThat(ClusterSecret.parse(first.strip(), false).reveal()).isEqualTo(first.strip());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aPersonIsToldWhereASecretBelongs() {
        interactive = true;

        assertThat(run("secret")).isZero();
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(err.toString().lines())
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("SCRIMP_CLUSTER_SECRET", "cluster-secret")
                .doesNotContain(out.toString().strip());
    }

    @Test
    void aTokenAllowsWhatWasSaid() throws Exception {
        environment.put("SCRIMP_CLUSTER_SECRET", SECRET.reveal());

        assertThat(run(
                        "token",
                        "create",
                        "--role",
                        "backend",
                        "--domains",
                        "*.example.com, Shop.Example.org",
                        "--ports",
                        "443,8000-8999",
                        "--ttl",
                        "90d"))
                .isZero();

        Grant grant = granted();
        assertThat(grant.role()).contains(Role.BACKEND);
        assertThat(grant.claims().domains()).containsExactly("*.example.com", "shop.example.org");
        assertThat(grant.claims().ports()).containsExactly(PortRange.of(443), new PortRange(8000, 8999));
        assertEnds(grant, Duration.ofDays(90));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aTokenOfWhichNothingIsSaidIsAnHourLongAndAllowsAnythingToABackend() throws Exception {
        environment.put("SCRIMP_CLUSTER_SECRET", SECRET.reveal());

        assertThat(run("token", "create")).isZero();

        Grant grant = granted();
        assertThat(grant.role()).contains(Role.BACKEND);
        assertThat(grant.claims().allowsDomain("*")).isTrue();
        assertThat(grant.claims().ports()).containsExactly(new PortRange(1, 65_535));
        assertThat(grant.claims().unlimited())
                .as("so that it is told from the secret")
                .isFalse();
        assertEnds(grant, Duration.ofHours(1));
    }

    @Test
    void aStarAmongTheDomainsAllowsAny() throws Exception {
        environment.put("SCRIMP_CLUSTER_SECRET", SECRET.reveal());

        assertThat(run("token", "create", "--domains", "a.example.com,*")).isZero();
        assertThat(granted().claims().allowsDomain("*")).isTrue();
    }

    @Test
    void theSecretIsFoundWhereTheLoadBalancerFindsIt() throws Exception {
        Path file = write("lb.json", "{\"lb\": true, \"cluster-secret\": \"" + SECRET.reveal() + "\"}");
        assertThat(run("token", "create", "-c", file.toString())).isZero();
        granted();

        environment.put(
                "SCRIMP_CLUSTER_SECRET_FILE",
                write("secret", SECRET.reveal() + "\n").toString());
        assertThat(run("token", "create")).isZero();
        granted();
    }

    @Test
    void aPersonIsToldUntilWhenATokenIsGood() throws Exception {
        environment.put("SCRIMP_CLUSTER_SECRET", SECRET.reveal());
        interactive = true;

        assertThat(run("token", "create")).isZero();
        assertThat(err.toString().lines())
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("until " + granted().joinsUntil().orElseThrow(), "SCRIMP_JOIN_TOKEN", "join-token")
                .doesNotContain(out.toString().strip());
    }

    @Test
    void withoutASecretThereIsNoToken() {
        assertThat(run("token", "create")).isEqualTo(3);
        assertThat(err.toString().lines())
                .containsExactly("scrimp: no cluster-secret is configured here; run this where the load balancer's"
                        + " configuration is: -c FILE, or SCRIMP_CLUSTER_SECRET or SCRIMP_CLUSTER_SECRET_FILE in the"
                        + " environment");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--role lb | '--role': a token is for a backend; a load balancer needs the cluster secret itself",
                "--role bakend | '--role': unknown role \"bakend\" (did you mean \"backend\"?); a token is for a backend",
                "--domains **.example.com | '--domains': must be a domain such as www.example.com or *.example.com, not \"**.example.com\"",
                "--domains https://example.com | '--domains': must be a domain such as www.example.com or *.example.com, not \"https://example.com\"; without scheme, port and path",
                "--domains a.example.com, | '--domains': \"a.example.com,\" has nothing between two commas or at an end",
                "--domains= | '--domains': is empty; leave the flag out for any",
                "--ports 0 | '--ports': must be a port from 1 to 65535, not \"0\"",
                "--ports http | '--ports': must be a port from 1 to 65535, not \"http\"",
                "--ports 9000-8000 | '--ports': the range \"9000-8000\" ends before it starts; write 8000-9000",
                "--ttl 1 | '--ttl': must be a duration with a unit such as 500ms, 5s, 1m30s or 1h, not \"1\"",
                "--ttl 0s | '--ttl': must be 1s to 3650d, not 0s",
                "--ttl 4000d | '--ttl': must be 1s to 3650d, not 4000d",
                "--ttl forever | '--ttl': must be a duration with a unit such as 500ms, 5s, 1m30s or 1h, not \"forever\""
            })
    void nonsenseIsAUsageErrorThatSaysWhatIsWanted(String flags, String message) {
        environment.put("SCRIMP_CLUSTER_SECRET", SECRET.reveal());

        assertThat(run(("token create " + flags).split(" "))).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly("scrimp: Invalid value for option " + message, "try 'scrimp token create --help'");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void moreThanATokenCanHoldIsAUsageError() {
        environment.put("SCRIMP_CLUSTER_SECRET", SECRET.reveal());
        StringBuilder ports = new StringBuilder("1");
        for (int port = 2; port < 100; port++) {
            ports.append(',').append(port);
        }

        assertThat(run("token", "create", "--ports", ports.toString())).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "scrimp: the token has more than 64 ranges of ports", "try 'scrimp token create --help'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lb", "backend", "validate", "config show", "token create"})
    void aWeakSecretEndsEveryCommandInOneLineThatDoesNotShowIt(String command) throws Exception {
        Path file = write("scrimp.json", "{\"provider\": \"dummy\", \"cluster-secret\": \"hunter2\"}");
        environment.put("SCRIMP_DEBUG", "1");

        assertThat(run((command + " -c " + file).split(" "))).isEqualTo(3);
        assertThat(err.toString().lines().filter(line -> line.startsWith(file.toString())))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith(file + ":1:41 cluster-secret: it is weak");
        assertThat(out + err.toString()).doesNotContain("hunter2");
    }

    @Test
    void validationSaysThatATokensTimeIsOver() throws Exception {
        String over = JoinToken.create(SECRET, Role.BACKEND, Claims.UNLIMITED, Instant.parse("2026-01-02T03:04:05Z"))
                .reveal();
        Path file = write("b.json", "{\"lb\": false, \"provider\": \"dummy\", \"join-token\": \"" + over + "\"}");

        assertThat(run("validate", "-c", file.toString())).isZero();
        assertThat(out.toString().lines())
                .hasSize(2)
                .last(InstanceOfAssertFactories.STRING)
                .startsWith("note: join-token let a backend join until 2026-01-02T03:04:05Z, and that is over");
        assertThat(out.toString()).doesNotContain(over);
    }

    @Test
    void validationSaysThatATokenWasMistyped() throws Exception {
        Path file = write("b.json", "{\"lb\": false, \"provider\": \"dummy\", \"join-token\": \"scrimp-token-AAAA\"}");

        assertThat(run("validate", "-c", file.toString())).isEqualTo(3);
        assertThat(err.toString()).contains("join-token: typing error").doesNotContain("AAAA");
    }

    @Test
    void noCommandShowsASecretOrAToken() throws Exception {
        environment.put("SCRIMP_CLUSTER_SECRET", SECRET.reveal());
        assertThat(run("token", "create")).isZero();
        String token = out.toString().strip();
        String previous = ClusterSecret.generate().reveal();
        environment.put("SCRIMP_PREVIOUS_CLUSTER_SECRET", previous);
        environment.put("SCRIMP_JOIN_TOKEN", token);
        environment.put("SCRIMP_DEBUG", "1");
        Path file = write("scrimp.json", "{\"provider\": \"dummy\"}");
        StringBuilder said = new StringBuilder();
        for (String command :
                List.of("config show", "validate", "lb", "backend", "backend --app", "config show --app x=1")) {
            run((command + (command.endsWith("--app") ? "" : " -c " + file)).split(" "));
            said.append(out).append(err);
        }

        assertThat(said.toString())
                .contains("cluster-secret = ********  # environment SCRIMP_CLUSTER_SECRET")
                .contains("previous-cluster-secret = ********")
                .contains("join-token = ********")
                .contains("allow-weak-secret = false")
                .doesNotContain(SECRET.reveal())
                .doesNotContain(previous)
                .doesNotContain(token);
    }

    private Grant granted() throws Exception {
        assertThat(out.toString().lines()).hasSize(1);
        return JoinToken.parse(out.toString().strip()).grant();
    }

    private static void assertEnds(Grant grant, Duration after) {
        assertThat(Duration.between(Instant.now(), grant.joinsUntil().orElseThrow()))
                .isBetween(after.minusSeconds(30), after);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new ScrimpProgram(
                        new NothingRuns(),
                        environment,
                        List.of(),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        () -> interactive)
                .run(args);
    }

    private static final class NothingRuns implements Runtimes {
        @Override
        public int runLoadBalancer(LoadedConfig config) {
            throw new IllegalStateException("runs with " + config);
        }

        @Override
        public int runBackend(LoadedConfig config) {
            throw new IllegalStateException("runs with " + config);
        }

        @Override
        public int runDemo() {
            return 0;
        }
    }
}
