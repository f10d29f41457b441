package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.app.acme.Pebble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Automatic certificates with processes of their own, each load balancer on its own host, a network namespace, and an authority
 * with all its faults on: slow to look, one nonce in twenty refused. Its certificates live for a minute, so that a renewal is
 * due within the test.
 */
@Timeout(240)
class AcmeIT {
    private static final String HOST = "shop.test";
    private static final Duration VALIDITY = Duration.ofSeconds(50);
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    private Fabric fabric;
    private Pebble pebble;
    private String secret;

    @BeforeEach
    void lay() throws Exception {
        fabric = rig.closing(Fabric.createOrSkip());
        fabric.host("lb1", 1);
        fabric.host("lb2", 2);
        fabric.host("lb3", 3);
        fabric.host("host1", 11);
        fabric.host("authority", 9);
        rig.applications(fabric, "host1", "shop=8081");
        // Every name leads to the second one, which is not the one that orders.
        pebble = rig.closing(Pebble.startOrSkip(
                directory,
                fabric.on("authority"),
                fabric.address(9),
                new Pebble.Validation(80, 443),
                VALIDITY,
                fabric.address(2)));
        secret = onlyLine(rig.scrimp("secret").run());
    }

    @Test
    void loadBalancersOrderShareAndRenewCertificatesAndOneThatJoinsServesThemAtOnce() throws Exception {
        Scrimp first = balancer("lb1", 1);
        Scrimp second = balancer("lb2", 2);
        member("backend", "host1", 11, "--app", "shop=8081," + HOST);

        long start = System.nanoTime();
        Waiting.until(
                "both serve one certificate",
                Duration.ofSeconds(60),
                () -> trusted("lb1") && trusted("lb2") && serial("lb1").equals(serial("lb2")));
        assertThat(serial("lb1")).isNotEmpty();
        Figures.tell("from an announced domain to a trusted certificate on two load balancers", Figures.since(start));
        first.awaitLog("this load balancer orders certificates");
        String before = serial("lb2");

        first.kill();
        long killed = System.nanoTime();
        Waiting.until(
                "the other one renews",
                Duration.ofSeconds(90),
                () -> trusted("lb2") && !serial("lb2").equals(before));
        Figures.tell("from the death of the one that orders to a renewed certificate", Figures.since(killed));
        second.awaitLog("this load balancer orders certificates");

        Scrimp third = balancer("lb3", 3);
        Waiting.until(
                "the third is ready",
                () -> curl("lb3", "-o", "/dev/null", "-w", "%{http_code}", "http://127.0.0.1:9494/readyz")
                        .equals("200"));
        assertThat(trusted("lb3"))
                .as("the third serves at once\n%s", third.report())
                .isTrue();
        // Not the same look, since a renewal may come between the two.
        Waiting.until("all serve one certificate", () -> serial("lb3").equals(serial("lb2")) && trusted("lb3"));
        assertThat(status("lb3").path("certificates").findValuesAsText("name")).contains(HOST);
        for (String keptBy : List.of("lb2", "lb3")) {
            assertThat(Files.walk(directory.resolve("state-" + keptBy)).map(String::valueOf))
                    .anyMatch(file -> file.endsWith("/" + HOST + ".pem"));
        }
        for (Scrimp process : List.of(first, second, third)) {
            assertThat(process.report()).doesNotContain("PRIVATE KEY");
        }
    }

    private Scrimp balancer(String host, int number) throws IOException {
        Scrimp process = member("lb", host, number);
        process.awaitLog("load balancer ready");
        return process;
    }

    private Scrimp member(String role, String host, int number, String... flags) throws IOException {
        ObjectNode config = Site.object();
        config.put("bind-address", fabric.address(number));
        config.put("cluster-secret", secret);
        config.put("provider", "file");
        config.putObject("provider-config")
                .put("path", directory.resolve("seeds.json").toString());
        if (role.equals("backend")) {
            config.put("admin-address", "off");
        } else {
            ObjectNode balancer = config.putObject("load-balancer-config");
            balancer.put("state-dir", directory.resolve("state-" + host).toString());
            balancer.putObject("acme")
                    .put("email", "me@example.com")
                    .put("agree-to-terms", true)
                    .put("directory", pebble.directoryUrl().toString())
                    .put("ca", pebble.roots().toString());
        }
        Path file = directory.resolve(host + ".json");
        JSON.writeValue(file.toFile(), config);
        // For the look at where the name leads, which asks this machine's names rather than the authority's.
        Path hosts = Files.writeString(directory.resolve("hosts"), fabric.address(2) + " " + HOST + "\n");
        List<String> arguments = new ArrayList<>(List.of(role, "-c", file.toString()));
        arguments.addAll(List.of(flags));
        return rig.scrimp(arguments.toArray(String[]::new))
                .jvm("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djdk.net.hosts.file=" + hosts)
                .under(fabric.on(host))
                .start();
    }

    /** Whether a client that trusts only the authority's root gets the application's answer from a load balancer. */
    private boolean trusted(String host) throws Exception {
        Path root = directory.resolve("root.pem");
        if (!Files.exists(root)) {
            Path fetched = directory.resolve("root.fetched");
            fabric.output(
                    "authority",
                    "curl",
                    "-s",
                    "-m",
                    "5",
                    "--cacert",
                    pebble.roots().toString(),
                    "-o",
                    fetched.toString(),
                    pebble.rootUrl().toString());
            Files.move(fetched, root);
        }
        return curl(
                        host,
                        "--cacert",
                        root.toString(),
                        "--connect-to",
                        HOST + ":443:127.0.0.1:443",
                        "https://" + HOST + "/")
                .equals("shop");
    }

    /** Empty when it fails. */
    private String curl(String host, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(fabric.on(host));
        command.addAll(List.of("curl", "-s", "-m", "10"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() == 0 ? said : "";
    }

    /** The serial number of the certificate that clients get from a load balancer; empty when they trust it not. */
    private String serial(String host) throws Exception {
        String shown = curl(
                host,
                "--cacert",
                directory.resolve("root.pem").toString(),
                "--connect-to",
                HOST + ":443:127.0.0.1:443",
                "-o",
                "/dev/null",
                "-w",
                "%{certs}",
                "https://" + HOST + "/");
        return shown.lines()
                .filter(line -> line.startsWith("Serial Number:"))
                .findFirst()
                .orElse("");
    }

    private JsonNode status(String host) throws Exception {
        return JSON.readTree(curl(host, "http://127.0.0.1:9494/api/v1/status"));
    }

    private static String onlyLine(Scrimp command) {
        assertThat(command.stdout()).hasSize(1);
        return command.stdout().get(0);
    }
}
