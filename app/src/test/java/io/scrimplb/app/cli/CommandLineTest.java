package io.scrimplb.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.scrimplb.app.config.ApplicationConfig;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.membership.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CommandLineTest {
    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final RecordingRuntimes runtimes = new RecordingRuntimes();

    @Test
    void runsALoadBalancerOnDefaultsAndReturnsItsExitCode() {
        runtimes.exitCode = 4;

        assertThat(run("lb")).isEqualTo(4);
        assertThat(runtimes.ran).containsExactly("lb");
        assertThat(runtimes.config.config().cluster().portFor(Role.LOAD_BALANCER))
                .isEqualTo(9999);
    }

    @Test
    void runsTheDemo() {
        assertThat(run("demo")).isZero();
        assertThat(runtimes.ran).containsExactly("demo");
    }

    @Test
    void runsABackendFromFlagsAlone() {
        assertThat(run(
                        "backend",
                        "--join",
                        "10.0.0.1",
                        "--app",
                        "blog=8081,blog.example.com@8443",
                        "--app=api=8082",
                        "--admin-address",
                        "off"))
                .isZero();

        assertThat(runtimes.config.config().backend().applications())
                .extracting(ApplicationConfig::name)
                .containsExactly("blog", "api");
        assertThat(runtimes.config.config().seedSource().provider()).isEqualTo("manual");
        assertThat(runtimes.config.config().admin().off()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c", "--config", "-config-file"})
    void takesTheFileByAnyOfItsFlags(String flag) throws Exception {
        Path file = write("lb.json", "{\"lb\": true, \"port\": 1234}");

        assertThat(run("lb", flag, file.toString())).isZero();
        assertThat(runtimes.config.config().cluster().portFor(Role.LOAD_BALANCER))
                .isEqualTo(1234);
        assertThat(run("lb", flag + "=" + file)).isZero();
    }

    @Test
    void aBadConfigurationIsExitCodeThreeWithALineForEachProblem() throws Exception {
        Path file = write("lb.json", "{\"prot\": 1, \"provider\": \"x\"}");

        assertThat(run("lb", "-c", file.toString())).isEqualTo(3);
        assertThat(err.toString().lines()).hasSize(2).allMatch(line -> line.startsWith(file + ":1:"));
        assertThat(runtimes.ran).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "backnd | scrimp: unknown command 'backnd' (did you mean 'backend'?) | scrimp",
                "frobnicate | scrimp: unknown command 'frobnicate' | scrimp",
                "--verison | scrimp: unknown flag '--verison' (did you mean '--version'?) | scrimp",
                "-c x | scrimp: the flag '-c' comes after a command | scrimp",
                "lb --confg x | scrimp: unknown flag '--confg' (did you mean '--config'?) | scrimp lb",
                "lb -config-fil x | scrimp: unknown flag '-config-fil' (did you mean '-config-file'?) | scrimp lb",
                "lb --config | scrimp: Missing required parameter for option '-config-file' (FILE) | scrimp lb",
                "lb extra | scrimp: 'extra' is one word too many for 'scrimp lb' | scrimp lb",
                "lb --admin-address 9494 | scrimp: Invalid value for option '--admin-address': must be host:port such as 10.0.0.7:8080 or [fd00::7]:8080, not \"9494\" | scrimp lb",
                "config sho | scrimp: unknown command 'sho' (did you mean 'show'?) | scrimp config",
                "config | scrimp: say what to do with it: config show | scrimp config",
                "token | scrimp: say what to do with it: token create | scrimp token",
                "token creat | scrimp: unknown command 'creat' (did you mean 'create'?) | scrimp token",
                "secret extra | scrimp: 'extra' is one word too many for 'scrimp secret' | scrimp secret",
                "tokens | scrimp: unknown command 'tokens' (did you mean 'token'?) | scrimp"
            })
    void aUsageErrorIsTwoLinesAndExitCodeTwo(String line, String message, String command) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(err.toString().lines()).containsExactly(message, "try '" + command + " --help'");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void noCommandAtAllIsAUsageErrorThatNamesThem() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "scrimp: say what to do: lb, backend, demo, validate, config show, secret, token create or healthcheck",
                        "try 'scrimp --help'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "help",
                "help lb",
                "lb --help",
                "backend --help",
                "demo --help",
                "validate --help",
                "config --help",
                "config show --help",
                "secret --help",
                "token --help",
                "token create --help",
                "healthcheck --help"
            })
    void helpIsOneScreenWithAnExample(String line) {
        assertThat(run(line.split(" "))).isZero();
        assertThat(out.toString().lines()).hasSizeLessThanOrEqualTo(40).allMatch(text -> text.length() <= 80 + 20);
        assertThat(out.toString())
                .contains("Usage:")
                .containsPattern("scrimp (demo|lb|backend|validate|config|secret|token|health)|healthcheck");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void tellsItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString().strip()).isEqualTo("scrimp development");
    }

    @Test
    void aFailureThatCanBeMendedIsOneLineWithItsExitCode() {
        runtimes.failure = new CommandFailure(ExitCode.PORT, "port 80 is taken; stop the other program");

        assertThat(run("lb")).isEqualTo(4);
        assertThat(err.toString().lines()).containsExactly("scrimp: port 80 is taken; stop the other program");
    }

    @Test
    void aBugIsOneLineAndExitCodeOneUnlessDebugAsksForMore() {
        runtimes.failure = new IllegalStateException("deliberate\n  in a test");

        assertThat(run("lb")).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("scrimp: internal error: deliberate in a test; SCRIMP_DEBUG=1 shows where");

        environment.put("SCRIMP_DEBUG", "1");
        assertThat(run("lb")).isEqualTo(1);
        assertThat(err.toString()).contains("\tat io.scrimplb.app.cli");
    }

    @Test
    void validatesAGoodFileAndShowsItsNotes() throws Exception {
        Path chain = Path.of("src", "test", "resources", "certificates", "rsa.pem");
        Path key = chain.resolveSibling("pkcs1.pem");
        Path file = write(
                "lb.json",
                "{\"lb\": true, \"load-balancer-config\": {\"tls-chain-location\": \"" + chain
                        + "\", \"tls-key-location\": \"" + key + "\", \"limits\": {\"memory\": \"256m\"}}}");

        assertThat(run("validate", "-c", file.toString())).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        file + ": ok",
                        "note: load-balancer-config.limits.memory is read but not used by this version: bound the memory by"
                                + " the JVM's own options");
    }

    @Test
    void validationFailsForCertificatesThatCannotBeReadAndForBadApplicationFiles() throws Exception {
        Path applications = Files.createDirectory(directory.resolve("apps.d"));
        Path bad = write("apps.d/a.scrimp.json", "{\"name\": \"a\"}");
        Path file = write(
                "lb.json",
                "{\"load-balancer-config\": {\"certificates\": [{\"chain\": \"/nope.pem\", \"key\": \"" + directory
                        + "\"}]}, \"backend-config\": {\"application-config-dir\": \"" + applications + "\"}}");

        assertThat(run("validate", "-c", file.toString())).isEqualTo(3);
        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":1:54 load-balancer-config.certificates[0].chain: /nope.pem: no such file; check the"
                                + " path (relative ones start at the working directory)",
                        file + ":1:74 load-balancer-config.certificates[0].key: " + shortened(directory)
                                + ": is a directory, not a file",
                        bad + ":1:1 application-port: is missing; it has no default");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void validationAppliesTheRulesOfTheRoleThatTheFileNames() throws Exception {
        Path file = write("b.json", "{\"lb\": false}");

        assertThat(run("validate", "-c", file.toString())).isEqualTo(3);
        assertThat(err.toString()).startsWith(file + ":1:1 provider: is missing; a backend must know");
    }

    @Test
    void validationWithoutAnyFileSaysSo() {
        assertThat(run("validate")).isEqualTo(3);
        assertThat(err.toString().lines())
                .containsExactly(
                        "scrimp: no configuration file in the usual places; name one: scrimp validate -c FILE");
    }

    @Test
    void showsTheConfigurationWithOriginsAndWithoutSecrets() throws Exception {
        Path file = write("lb.json", "{\"cluster-secret\": \"open sesame, said Ali Baba\"}");
        environment.put("SCRIMP_PORT", "9990");

        assertThat(run("config", "show", "-c", file.toString(), "--app", "a=1")).isZero();
        assertThat(out.toString())
                .startsWith("# file: " + file)
                .contains("\nport = 9990  # environment SCRIMP_PORT\n")
                .contains("\ncluster-secret = ********  # " + file + ":1:20\n")
                .contains("\nbackend-config.applications[0].name = a  # --app\n")
                .contains("\nresolver = auto  # default\n")
                .doesNotContain("sesame");
    }

    @Test
    void healthcheckIsZeroWhenReady() throws Exception {
        HttpServer server = readiness(200);
        try {
            assertThat(run("healthcheck", "--admin-address", "127.0.0.1:" + port(server)))
                    .isZero();
            assertThat(out.toString().strip()).isEqualTo("ready: 127.0.0.1:" + port(server));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void healthcheckIsOneWhenNotReadyAndAsksByTheConfiguredAddressAndToken() throws Exception {
        HttpServer server = readiness(503);
        try {
            environment.put("SCRIMP_ADMIN_ADDRESS", "0.0.0.0:" + port(server));
            environment.put("SCRIMP_ADMIN_TOKEN", "token");

            assertThat(run("healthcheck")).isEqualTo(1);
            assertThat(err.toString().strip()).isEqualTo("not ready: 127.0.0.1:" + port(server) + " answers 503");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void healthcheckIsOneWhenNobodyAnswers() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        assertThat(run("healthcheck", "--admin-address", "127.0.0.1:" + free)).isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("not ready: 127.0.0.1:" + free + " does not answer");
    }

    @Test
    void healthcheckSaysWhenThereIsNothingToAsk() {
        assertThat(run("healthcheck", "--admin-address", "off")).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("scrimp: admin-address is off, so readiness cannot be asked for");
    }

    private static HttpServer readiness(int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/readyz", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static int port(HttpServer server) {
        return server.getAddress().getPort();
    }

    private static String shortened(Path path) {
        String text = path.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new ScrimpProgram(
                        runtimes,
                        environment,
                        List.of(),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        () -> false)
                .run(args);
    }

    /** Notes what would have run. */
    private static final class RecordingRuntimes implements Runtimes {
        private final List<String> ran = new ArrayList<>();
        private LoadedConfig config;
        private Exception failure;
        private int exitCode;

        @Override
        public int runLoadBalancer(LoadedConfig loaded) throws Exception {
            config = loaded;
            return end("lb");
        }

        @Override
        public int runBackend(LoadedConfig loaded) throws Exception {
            config = loaded;
            return end("backend");
        }

        @Override
        public int runDemo() throws Exception {
            return end("demo");
        }

        private int end(String what) throws Exception {
            ran.add(what);
            if (failure != null) {
                throw failure;
            }
            return exitCode;
        }
    }
}
