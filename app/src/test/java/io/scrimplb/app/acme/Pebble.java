package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.scrimplb.app.certificates.EcKeys;
import io.scrimplb.app.certificates.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Let's Encrypt's small authority for tests, as Debian packages it, with the faults that it makes by itself: one nonce in twenty
 * is refused, it sleeps before it looks, and it remembers an earlier proof every other time.
 */
public final class Pebble implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Process> processes = new ArrayList<>();
    private final Path directory;
    private final String address;
    private final int port;
    private final int management;
    private final int dnsManagement;
    private final X509Certificate own;

    /**
     * Where it comes to look.
     *
     * @param httpPort for HTTP-01
     * @param tlsPort for TLS-ALPN-01
     */
    public record Validation(int httpPort, int tlsPort) {}

    private Pebble(Path directory, String address, int port, int management, int dnsManagement, X509Certificate own) {
        this.directory = directory;
        this.address = address;
        this.port = port;
        this.management = management;
        this.dnsManagement = dnsManagement;
        this.own = own;
    }

    /**
     * Starts it, or skips the test where it is not installed, but never in a build that counts.
     *
     * @param prefix what runs a command where it shall stand; empty for here
     * @param address where it listens
     * @param resolved the address that every name has for it
     */
    public static Pebble startOrSkip(
            Path directory,
            List<String> prefix,
            String address,
            Validation validation,
            Duration validity,
            String resolved)
            throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/pebble"))) {
            String reason = "the authority for tests is not installed (Debian package pebble)";
            return "true".equals(System.getenv("CI")) ? fail(reason) : abort(reason);
        }
        int port = free();
        int management = free();
        int dns = free();
        int dnsManagement = free();
        KeyPair pair = EcKeys.generate();
        Instant now = Instant.now();
        X509Certificate own = new SampleAuthority()
                .selfSigned(
                        InetAddress.getByName(address).getAddress(),
                        pair,
                        now.minusSeconds(3_600),
                        now.plusSeconds(86_400));
        Files.writeString(directory.resolve("pebble-key.pem"), Pem.of(pair.getPrivate()));
        Files.writeString(directory.resolve("pebble-cert.pem"), Pem.of(List.of(own)));
        Files.writeString(directory.resolve("pebble.json"), """
                {"pebble": {"listenAddress": "%s:%d", "managementListenAddress": "%s:%d",
                  "certificate": "pebble-cert.pem", "privateKey": "pebble-key.pem",
                  "httpPort": %d, "tlsPort": %d, "certificateValidityPeriod": %d}}
                """.formatted(
                address, port, address, management, validation.httpPort(), validation.tlsPort(), validity.toSeconds()));
        Pebble pebble = new Pebble(directory, address, port, management, dnsManagement, own);
        pebble.run(
                prefix,
                "pebble-challtestsrv",
                "-dns01",
                "127.0.0.1:" + dns,
                "-management",
                "127.0.0.1:" + dnsManagement,
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                "",
                "-defaultIPv4",
                resolved,
                "-defaultIPv6",
                "");
        pebble.run(prefix, "pebble", "-config", "pebble.json", "-dnsserver", "127.0.0.1:" + dns);
        return pebble;
    }

    /** A port that is free now. */
    public static int free() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    private void run(List<String> prefix, String... command) throws IOException {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        ProcessBuilder builder =
                new ProcessBuilder(all).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(key -> key.startsWith("PEBBLE_"));
        builder.redirectOutput(directory.resolve(command[0] + ".log").toFile());
        processes.add(builder.start());
    }

    public URI directoryUrl() {
        return URI.create("https://" + address + ":" + port + "/dir");
    }

    /** File of the certificate by which the authority itself is known. */
    public Path roots() {
        return directory.resolve("pebble-cert.pem");
    }

    /** Where the root is that it signs by, made anew at each start. */
    public URI rootUrl() {
        return URI.create("https://" + address + ":" + management + "/roots/0");
    }

    /** A program that puts records into the name server that it asks, and takes them out. */
    public Path hook() throws IOException {
        Path hook = directory.resolve("hook");
        Files.writeString(hook, """
                #!/bin/sh
                case $1 in
                present) curl -sf -d "{\\"host\\":\\"$2.\\",\\"value\\":\\"$3\\"}" http://127.0.0.1:%1$d/set-txt ;;
                cleanup) curl -sf -d "{\\"host\\":\\"$2.\\"}" http://127.0.0.1:%1$d/clear-txt ;;
                esac
                """.formatted(dnsManagement));
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
        return hook;
    }

    /** What it said so far. */
    public String log() throws IOException {
        return Files.readString(directory.resolve("pebble.log"));
    }

    /** The root that it signs by, made anew at each start, in PEM; waits until it answers. */
    public String root() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(rootUrl()).timeout(Duration.ofSeconds(5)).build();
        HttpClient client = HttpClient.newBuilder().sslContext(trust()).build();
        HttpResponse<String> response = await("pebble answers")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> client.send(request, HttpResponse.BodyHandlers.ofString()), Objects::nonNull);
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private SSLContext trust() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("pebble", own);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    @Override
    public void close() {
        processes.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }
}
