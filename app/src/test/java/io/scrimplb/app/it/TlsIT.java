package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.app.certificates.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Certificates in files, as their user has them: at the usual ports, and replaced while clients come. */
@Timeout(90)
class TlsIT {
    private static final TestAuthority AUTHORITY = TestAuthority.root("root");

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    private ObjectNode pair(TestAuthority.Issued issued, String name) throws Exception {
        Path chain = directory.resolve(name + ".pem");
        Path key = directory.resolve(name + ".key");
        issued.write(chain, key);
        return Site.object().put("chain", chain.toString()).put("key", key.toString());
    }

    @Test
    void twoFilesAreAllItTakesForHttpsAtTheUsualPorts() throws Exception {
        Fabric fabric = rig.closing(Fabric.createOrSkip());
        fabric.host("public", 1);
        fabric.host("web", 11);
        rig.applications(fabric, "web", "blog=8081", "shop=8082");
        Path root = Files.writeString(directory.resolve("root.pem"), TestAuthority.pem(AUTHORITY.certificate()));
        ObjectNode config = Site.object();
        ObjectNode own = config.putObject("load-balancer-config");
        ObjectNode first = pair(AUTHORITY.issue("blog.test"), "blog");
        own.set("tls-chain-location", first.get("chain"));
        own.set("tls-key-location", first.get("key"));
        own.putArray("certificates").add(pair(AUTHORITY.issue("*.shop.test"), "shop"));
        Path file = directory.resolve("lb.json");
        Files.writeString(file, config.toString());
        rig.scrimp("lb", "-c", file.toString())
                .under(fabric.on("public"))
                .start()
                .awaitLog("load balancer ready");
        Path offers = directory.resolve("backend.json");
        ObjectNode backend = Site.object();
        backend.put("provider", "manual").putObject("provider-config").put("ip", fabric.address(1));
        ArrayNode applications = backend.putObject("backend-config").putArray("applications");
        ObjectNode blog = applications.addObject().put("name", "blog").put("application-port", 8081);
        blog.put("domains", "blog.test");
        blog.putObject("hsts").put("max-age", "365d");
        // As the owner of an older file has it, from the time before the certificate.
        ObjectNode shop = applications.addObject().put("name", "shop").put("application-port", 8082);
        shop.put("domains", "www.shop.test").put("listen-port", 80);
        Files.writeString(offers, backend.toString());
        rig.scrimp("backend", "-c", offers.toString()).under(fabric.on("web")).start();

        Curl curl = new Curl(fabric, root);
        Waiting.until(
                "blog answers by https", () -> curl.body("https://blog.test/").equals("blog"));
        Waiting.until(
                "shop answers by https",
                () -> curl.body("https://www.shop.test/").equals("shop"));

        assertThat(curl.head("http://blog.test/a%20b?c=d"))
                .startsWith("HTTP/1.1 301 ")
                .contains("location: https://blog.test/a%20b?c=d\r\n");
        assertThat(curl.head("http://blog.test/", "-X", "POST", "-d", "x")).startsWith("HTTP/1.1 308 ");
        assertThat(curl.head("https://blog.test/")).contains("strict-transport-security: max-age=31536000\r\n");
        assertThat(curl.head("https://www.shop.test/")).doesNotContain("strict-transport-security");
        assertThat(curl.head("http://blog.test/")).doesNotContain("strict-transport-security");
        for (String host : List.of("blog.test", "www.shop.test")) {
            // One redirect, and no more, brings a client there.
            assertThat(curl.run("-L", "-o", "/dev/null", "-w", "%{http_code} %{num_redirects}", "http://" + host + "/"))
                    .isEqualTo("200 1");
        }
    }

    @Test
    void withoutACertificatePort443HasASelfSignedOneAndSaysSo() throws Exception {
        Fabric fabric = rig.closing(Fabric.createOrSkip());
        fabric.host("public", 1);
        rig.applications(fabric, "public", "blog=8081");
        ObjectNode config = Site.object();
        ObjectNode web = config.putObject("load-balancer-config")
                .putArray("static-backends")
                .addObject();
        web.put("name", "blog")
                .put("listen-port", 443)
                .put("addresses", "127.0.0.1:8081")
                .put("domains", "blog.test");
        Path file = Files.writeString(directory.resolve("lb.json"), config.toString());
        Scrimp lb = rig.scrimp("lb", "-c", file.toString())
                .under(fabric.on("public"))
                .start();
        assertThat(lb.awaitLog("self-signed")).contains(" WARN ", "listener 443", "tls-chain-location");
        lb.awaitLog("load balancer ready");

        Curl curl = new Curl(fabric, file);
        Waiting.until("blog answers", () -> curl.run("-k", "https://blog.test/").equals("blog"));
        assertThat(fabric.output("public", "curl", "-s", "-m", "10", "http://127.0.0.1:9494/api/v1/status"))
                .contains("\"source\" : \"self-signed\"");
    }

    @Test
    void certificatesAreReplacedUnderLoadWithoutAFailedRequestOrACutConnection() throws Exception {
        Site site = new Site(rig, directory);
        Origin origin = rig.closing(Origin.named("web"));
        int port = Ports.listen();
        TestAuthority.Issued first = AUTHORITY.issue("web.test");
        TestAuthority.Issued second = AUTHORITY.issue("web.test");
        ObjectNode files = pair(first, "web");
        Path chain = Path.of(files.get("chain").asText());
        Path key = Path.of(files.get("key").asText());
        Site.Balancer balancer = site.balancer(config -> {
            ObjectNode own = config.withObject("/load-balancer-config");
            own.put("https-redirect-port", Ports.listen());
            own.putArray("certificates").add(files);
            ObjectNode web = own.putArray("static-backends").addObject();
            web.put("name", "web").put("listen-port", port).put("domains", "web.test");
            web.put("addresses", "127.0.0.1:" + origin.port());
        });
        SSLContext trust = Trust.in(AUTHORITY);
        Waiting.until("web answers", () -> get(port).equals("web"));

        try (Exchange kept = Exchange.tls(port, "web.test", trust);
                Handshakes load = new Handshakes(port)) {
            load.awaitMore(10);
            second.write(chain, key);
            Waiting.until("the new certificate is shown", () -> load.seen().contains(second.leaf()));
            assertThat(kept.get("web.test", "/").status()).isEqualTo(200);

            Files.writeString(key, "oh no");
            Waiting.until(
                    "the broken file is reported",
                    () -> balancer.admin()
                            .status()
                            .path("certificates")
                            .toString()
                            .contains("no PEM file"));
            load.awaitMore(10);
            assertThat(shown(port)).isEqualTo(second.leaf());
            TestAuthority.replace(key, second.keyPem());
            Waiting.until(
                    "the mended file is seen",
                    () -> !balancer.admin()
                            .status()
                            .path("certificates")
                            .toString()
                            .contains("problem"));

            assertThat(kept.get("web.test", "/").status()).isEqualTo(200);
            assertThat(kept.shown()).isEqualTo(first.leaf());
            assertThat(load.failures()).isEmpty();
            assertThat(load.seen()).containsExactlyInAnyOrder(first.leaf(), second.leaf());
        }
        assertThat(balancer.process().stderr())
                .filteredOn(line -> line.contains("no PEM file"))
                .hasSize(1);
    }

    private static String get(int port) throws Exception {
        try (Exchange exchange = Exchange.tls(port, "web.test", Trust.in(AUTHORITY))) {
            return exchange.get("web.test", "/").body();
        }
    }

    private static X509Certificate shown(int port) throws Exception {
        try (Exchange exchange = Exchange.tls(port, "web.test", Trust.in(AUTHORITY))) {
            return exchange.shown();
        }
    }

    /** Asks from the host of the load balancer, which it takes every test name for. */
    private record Curl(Fabric fabric, Path root) {
        String run(String... arguments) throws Exception {
            List<String> command = new ArrayList<>(List.of("curl", "-sS", "-m", "10", "--cacert", root.toString()));
            for (String host : List.of("blog.test", "www.shop.test")) {
                for (int port : new int[] {80, 443}) {
                    command.addAll(List.of("--resolve", host + ":" + port + ":127.0.0.1"));
                }
            }
            command.addAll(Arrays.asList(arguments));
            return fabric.output("public", command.toArray(String[]::new));
        }

        String body(String url) throws Exception {
            return run(url);
        }

        /** Status line and header lines, their names in lower case. */
        String head(String url, String... arguments) throws Exception {
            List<String> all = new ArrayList<>(List.of("--http1.1", "-D", "-", "-o", "/dev/null", url));
            all.addAll(Arrays.asList(arguments));
            StringBuilder head = new StringBuilder();
            for (String line : run(all.toArray(String[]::new)).split("\r\n")) {
                int colon = line.indexOf(':');
                head.append(colon < 0 ? line : line.substring(0, colon).toLowerCase(Locale.ROOT))
                        .append(colon < 0 ? "" : line.substring(colon))
                        .append("\r\n");
            }
            return head.toString();
        }
    }

    /** Connects anew for each request, several at a time. */
    private static final class Handshakes implements AutoCloseable {
        private static final int CLIENTS = 2;

        private final Set<X509Certificate> seen = ConcurrentHashMap.newKeySet();
        private final Queue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicLong answered = new AtomicLong();
        private final CountDownLatch ended = new CountDownLatch(CLIENTS);
        private volatile boolean ending;

        Handshakes(int port) {
            for (int i = 0; i < CLIENTS; i++) {
                Thread thread = new Thread(() -> run(port), "handshakes-" + i);
                thread.setDaemon(true);
                thread.start();
            }
        }

        private void run(int port) {
            while (!ending) {
                try (Exchange exchange = Exchange.tls(port, "web.test", Trust.in(AUTHORITY))) {
                    Exchange.Reply reply = exchange.get("web.test", "/");
                    if (reply.status() != 200) {
                        failures.add(Integer.toString(reply.status()));
                    }
                    seen.add(exchange.shown());
                    answered.incrementAndGet();
                } catch (Exception e) {
                    failures.add(e.toString());
                }
            }
            ended.countDown();
        }

        Set<X509Certificate> seen() {
            return seen;
        }

        Queue<String> failures() {
            return failures;
        }

        void awaitMore(int requests) {
            long until = answered.get() + requests;
            Waiting.until("more requests are answered", () -> answered.get() >= until);
        }

        @Override
        public void close() throws InterruptedException {
            ending = true;
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
