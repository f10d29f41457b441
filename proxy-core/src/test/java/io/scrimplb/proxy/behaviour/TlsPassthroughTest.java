package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.AcceptingSocket;
import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.Slicer;
import io.scrimplb.proxy.partners.TestAuthority;
import io.scrimplb.proxy.spec.CertificateSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Passthrough with TLS at both ends: what the client sees is the endpoint's certificate, and its bytes. */
@Timeout(60)
class TlsPassthroughTest {
    private static final long SEED = 7;
    private static final int BYTES = 1 << 20;
    private static final CertificateSpec THEIRS = TestAuthority.SHARED.ec("a.test");
    private static final CertificateSpec OURS = TestAuthority.SHARED.ec("*.test");

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private void start(Transport transport) {
        AcceptingSocket echo = proxy.with(AcceptingSocket.start("TLS echo", (socket, number) -> {
            try (SSLSocket tls = (SSLSocket) TestAuthority.SHARED
                    .server(THEIRS)
                    .getSocketFactory()
                    .createSocket(socket, new ByteArrayInputStream(new byte[0]), true)) {
                tls.getInputStream().transferTo(tls.getOutputStream());
                tls.shutdownOutput();
            }
        }));
        HttpOrigin http = proxy.with(HttpOrigin.named("terminated"));
        proxy.on(transport)
                .start(SpecBuilder.bare()
                        .tls()
                        .certificates(OURS)
                        .upstream("app", echo.address())
                        .upstream("web", http.address())
                        .route("*.test", "/", "web")
                        .passthrough("a.test", "app"));
    }

    private static void exchange(InetSocketAddress address, String... protocols) throws Exception {
        try (RawClient client = TlsClient.asking("a.test").offering(protocols).connect(address)) {
            assertThat(TlsClient.leaf(client)).isEqualTo(THEIRS.chain().get(0));
            client.send("ping");
            assertThat(client.exactText(4)).isEqualTo("ping");
        }
    }

    @EveryTransport
    void megabytesGoBothWaysUnderTheEndpointsCertificate(Transport transport) throws Exception {
        start(transport);
        try (RawClient client = TlsClient.asking("a.test").connect(proxy.web())) {
            assertThat(TlsClient.leaf(client)).isEqualTo(THEIRS.chain().get(0));
            CompletableFuture<String> sent = CompletableFuture.supplyAsync(() -> {
                try {
                    return BodyBytes.write(client.out(), SEED, BYTES);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            byte[] received = client.exactly(BYTES);

            assertThat(BodyBytes.digest(new ByteArrayInputStream(received))).isEqualTo(sent.get(30, TimeUnit.SECONDS));
        }
        proxy.awaitNothingInFlight();
    }

    @EveryTransport
    void otherNamesAreDecryptedOnTheSamePort(Transport transport) throws Exception {
        start(transport);
        exchange(proxy.web());
        try (RawClient client = TlsClient.asking("b.test").connect(proxy.web())) {
            assertThat(TlsClient.leaf(client)).isEqualTo(OURS.chain().get(0));
            assertThat(client.get("b.test", "/").text()).isEqualTo("terminated");
        }
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
