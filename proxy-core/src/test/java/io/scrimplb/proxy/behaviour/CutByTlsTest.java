package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrimplb.proxy.ProxyOptions.TlsEngine;
import io.scrimplb.proxy.partners.AcceptingSocket;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.TestAuthority;
import io.scrimplb.proxy.partners.WireReader;
import io.scrimplb.proxy.spec.CertificateSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is cut on its way to a client of TLS comes to no clean end there: no close_notify stands behind it (RFC 9112, 8 and 9.8). */
@Timeout(60)
final class CutByTlsTest {
    private static final CertificateSpec SHOWN = TestAuthority.SHARED.ec("app.example");

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final CountDownLatch seen = new CountDownLatch(1);

    /** To an endpoint that answers with these bytes and resets once the client has seen them. */
    private RawClient client(TlsEngine engine, String answer) throws IOException {
        AcceptingSocket origin = proxy.with(AcceptingSocket.start("Cutting", (socket, number) -> {
            new WireReader(socket.getInputStream()).head();
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            try {
                seen.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            socket.setSoLinger(true, 0);
        }));
        proxy.by(engine)
                .start(SpecBuilder.bare()
                        .tls()
                        .certificates(SHOWN)
                        .upstream("app", origin.address())
                        .route("*", "/", "app"));
        return proxy.with(TlsClient.asking("app.example").connect(proxy.web()));
    }

    private void assertCut(RawClient client) {
        seen.countDown();

        assertThatThrownBy(() -> client.reader().read()).isInstanceOf(IOException.class);
    }

    @EveryEngine
    void aResponseThatOnlyItsEndEnds(TlsEngine engine) throws Exception {
        RawClient client = client(engine, "HTTP/1.0 200 OK\r\n\r\nok");

        client.head("GET / HTTP/1.0", "Host: app.example");

        assertThat(client.responseHead().status()).isEqualTo(200);
        assertThat(client.exactText(2)).isEqualTo("ok");
        assertCut(client);
    }

    @EveryEngine
    void aTunnel(TlsEngine engine) throws Exception {
        RawClient client = client(engine, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\n\r\nok");

        client.head("GET / HTTP/1.1", "Host: app.example", "Connection: Upgrade", "Upgrade: chat");

        assertThat(client.responseHead().status()).isEqualTo(101);
        assertThat(client.exactText(2)).isEqualTo("ok");
        assertCut(client);
    }
}
