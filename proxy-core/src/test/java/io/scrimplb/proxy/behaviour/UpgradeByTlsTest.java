package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.AcceptingSocket;
import io.scrimplb.proxy.partners.H2Client;
import io.scrimplb.proxy.partners.H2Frame;
import io.scrimplb.proxy.partners.Hpack;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.TestAuthority;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.spec.OriginSpec;
import io.scrimplb.proxy.spec.OriginTlsSpec;
import io.scrimplb.proxy.spec.ProxyProtocol;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where versions, TLS and other protocols inside cross: nothing leaves in clear text, and nothing loses its meaning. */
@Timeout(60)
final class UpgradeByTlsTest {
    private static final TestAuthority AUTHORITY = TestAuthority.SHARED;
    private static final CertificateSpec SHOWN = AUTHORITY.ec("*.example");
    private static final CertificateSpec BACKEND = AUTHORITY.ec("backend.example");

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final BlockingQueue<String> agreed = new LinkedBlockingQueue<>();

    /** A server that would rather speak HTTP/2, agrees to WebSockets, and sends back what comes then. */
    private AcceptingSocket echo() {
        SSLContext context = AUTHORITY.server(BACKEND);
        return proxy.with(AcceptingSocket.start("Echo", (socket, number) -> {
            try (SSLSocket secure =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true)) {
                serve(secure);
            }
        }));
    }

    private void serve(SSLSocket secure) throws IOException {
        secure.setUseClientMode(false);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        agreed.add(secure.getApplicationProtocol());
        String head = head(secure);
        secure.getOutputStream()
                .write(("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Accept: " + accept(head) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        byte[] buffer = new byte[1024];
        for (int count = secure.getInputStream().read(buffer);
                count >= 0;
                count = secure.getInputStream().read(buffer)) {
            secure.getOutputStream().write(buffer, 0, count);
        }
    }

    private static String head(Socket from) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = from.getInputStream().read();
            if (next < 0) {
                throw new IOException("the head ended at " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** RFC 6455, 4.2.2. */
    private static String accept(String head) throws IOException {
        String key = "";
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")) {
                key = line.substring(line.indexOf(':') + 1).trim();
            }
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    private static UpstreamSpec upstream(InetSocketAddress origin) {
        OriginTlsSpec tls = new OriginTlsSpec(List.of(AUTHORITY.certificate()), Optional.of("backend.example"), false);
        return new UpstreamSpec(
                "app",
                BalancePolicy.P2C,
                List.of(SpecBuilder.endpoint(origin, 100, false)),
                new OriginSpec(OriginProtocol.HTTPS, tls, ProxyProtocol.NONE),
                Optional.empty());
    }

    @EveryEngine
    void anUpgradeGoesByHttp11ToAnEndpointThatWouldRatherSpeakHttp2(io.scrimplb.proxy.ProxyOptions.TlsEngine engine)
            throws Exception {
        proxy.by(engine)
                .start(SpecBuilder.web().upstream(upstream(echo().address())).route("*", "/", "app"));
        RawClient client = proxy.client();

        client.head(
                "GET /chat HTTP/1.1",
                "Host: app.example",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13");

        assertThat(client.responseHead().status()).isEqualTo(101);
        assertThat(agreed.poll(10, TimeUnit.SECONDS)).isEqualTo("http/1.1");
        client.send("hello");
        assertThat(client.exactText(5)).isEqualTo("hello");
    }

    @EveryEngine
    void aWebSocketOverHttp2ReachesAnHttpsEndpointEncrypted(io.scrimplb.proxy.ProxyOptions.TlsEngine engine)
            throws Exception {
        proxy.by(engine)
                .start(SpecBuilder.web().upstream(upstream(echo().address())).route("*", "/", "app"));
        H2Client client = proxy.with(H2Client.connect(proxy.web()));
        int stream = client.newStream();

        client.send(H2Frame.headers(
                stream,
                false,
                Hpack.block(
                        ":method: CONNECT",
                        ":protocol: websocket",
                        ":scheme: http",
                        ":authority: app.example",
                        ":path: /chat",
                        "sec-websocket-version: 13")));

        assertThat(client.fields(client.next(H2Frame.HEADERS, stream))).contains(":status: 200");
        client.send(H2Frame.data(stream, false, "hello".getBytes(StandardCharsets.US_ASCII)));
        assertThat(new String(client.next(H2Frame.DATA, stream).payload(), StandardCharsets.US_ASCII))
                .isEqualTo("hello");
    }

    @Test
    void thePrefaceOfHttp2InsideTlsIsNoWayAroundAlpn() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.named("app"));
        proxy.start(SpecBuilder.bare()
                .https(SpecBuilder.WEB, SpecBuilder.anyPort())
                .certificates(SHOWN)
                .upstream("app", origin.address())
                .route("*", "/", "app"));
        RawClient client = proxy.with(TlsClient.asking("app.example").connect(proxy.web()));

        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

        assertThat(client.responseHead().status()).isEqualTo(505);
    }

    @Test
    void aHostThatIsPassedThroughIsNotServedOnTheConnectionOfAnother() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.named("app"));
        proxy.start(SpecBuilder.bare()
                .https(SpecBuilder.WEB, SpecBuilder.anyPort())
                .certificates(SHOWN)
                .upstream("app", origin.address())
                .route("*.example", "/", "app")
                .passthrough("secret.example", "app"));
        RawClient client = proxy.with(TlsClient.asking("www.example").connect(proxy.web()));

        assertThat(client.get("www.example", "/").status()).isEqualTo(200);
        assertThat(client.get("secret.example", "/").status()).isEqualTo(421);
        assertThat(origin.requests()).isEqualTo(1);
    }
}
