package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.AcceptingSocket;
import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.Slicer;
import io.scrimplb.proxy.partners.TlsPeers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Passthrough with TLS at both ends: what the client sees is the endpoint's certificate, and its bytes. */
@Timeout(60)
class TlsPassthroughTest {
    private static final long SEED = 7;
    private static final int BYTES = 1 << 20;

    @TempDir
    static Path directory;

    private static TlsPeers endpoint;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    @BeforeAll
    static void makeCertificate() throws Exception {
        endpoint = TlsPeers.make(directory, "endpoint");
    }

    private void start(Transport transport) {
        AcceptingSocket echo = proxy.with(AcceptingSocket.start("TLS echo", (socket, number) -> {
            try (SSLSocket tls = endpoint.accept(socket)) {
                tls.getInputStream().transferTo(tls.getOutputStream());
                tls.shutdownOutput();
            }
        }));
        proxy.on(transport)
                .start(SpecBuilder.bare().tls().upstream("app", echo.address()).passthrough("a.test", "app"));
    }

    private static void exchange(InetSocketAddress address, String... protocols) throws Exception {
        try (SSLSocket client = endpoint.connect(address, "a.test", protocols)) {
            assertThat(TlsPeers.peer(client)).isEqualTo(endpoint.subject());
            client.getOutputStream().write("ping".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            assertThat(client.getInputStream().readNBytes(4)).asString().isEqualTo("ping");
        }
    }

    @EveryTransport
    void megabytesGoBothWaysUnderTheEndpointsCertificate(Transport transport) throws Exception {
        start(transport);
        try (SSLSocket client = endpoint.connect(proxy.web(), "a.test")) {
            assertThat(TlsPeers.peer(client)).isEqualTo(endpoint.subject());
            CompletableFuture<String> sent = CompletableFuture.supplyAsync(() -> {
                try {
                    return BodyBytes.write(client.getOutputStream(), SEED, BYTES);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            InputStream in = client.getInputStream();
            byte[] received = in.readNBytes(BYTES);

            assertThat(BodyBytes.digest(new java.io.ByteArrayInputStream(received)))
                    .isEqualTo(sent.get(30, TimeUnit.SECONDS));
        }
        proxy.awaitNothingInFlight();
    }

    @Test
    void handshakesOneByteAtATimeSucceed() throws Exception {
        start(Transport.AUTO);
        try (Slicer slicer = new Slicer(proxy.web(), 1, 400)) {
            exchange(slicer.address());
        }
    }

    @Test
    void aHelloOfManySegmentsSucceeds() throws Exception {
        start(Transport.AUTO);
        String[] protocols = IntStream.range(0, 200)
                .mapToObj(i -> "protocol-" + "x".repeat(30) + i)
                .toArray(String[]::new);
        try (Slicer slicer = new Slicer(proxy.web(), 1_000, 20_000)) {
            exchange(slicer.address(), protocols);
        }
    }
}
