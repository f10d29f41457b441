package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.MessageHead;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import io.scrimplb.proxy.partners.WebSocketClient;
import io.scrimplb.proxy.partners.WebSocketOrigin;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Upgrade of RFC 9110 section 7.8, as WebSocket uses it (RFC 6455). */
@Timeout(60)
class WebSocketTest {
    private static final Duration SOON = Duration.ofSeconds(8);
    private static final String HANDSHAKE = "GET /chat HTTP/1.1\r\nHost: a.test\r\nUpgrade: websocket\r\n"
            + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Version: 13\r\n\r\n";
    /** A masked text frame with {@code hi}; the mask is zero. */
    private static final String FRAME = "\u0081\u0082\0\0\0\0hi";

    private static final String ECHOED = "\u0081\u0002hi";

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final WebSocketOrigin origin = proxy.with(new WebSocketOrigin());
    private final HttpClient http = HttpClient.newHttpClient();

    @EveryTransport
    void messagesGoBothWays(Transport transport) throws Exception {
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        WebSocketClient client = proxy.with(WebSocketClient.connect(http, proxy.web(), "/chat?room=1"));

        for (int i = 0; i < 20; i++) {
            assertThat(client.exchange("message " + i)).isEqualTo("message " + i);
        }
        byte[] large = BodyBytes.of(1, 1 << 20);
        assertThat(client.exchange(large)).isEqualTo(large);
        assertThat(proxy.server().activeExchanges()).isEqualTo(1);
    }

    @Test
    void theHandshakeReachesTheOriginWithItsHopByHopLines() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client().send(HANDSHAKE);

        MessageHead response = client.responseHead();

        assertThat(response.startLine()).isEqualTo("HTTP/1.1 101 Switching Protocols");
        assertThat(response.lists("Connection", "upgrade")).isTrue();
        assertThat(response.lists("Upgrade", "websocket")).isTrue();
        assertThat(response.value("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        MessageHead request = origin.handshakes().get(0);
        assertThat(request.all("Upgrade")).containsExactly("websocket");
        assertThat(request.all("Connection")).hasSize(1).first().asString().isEqualToIgnoringCase("upgrade");
        assertThat(request.all("Sec-WebSocket-Key")).containsExactly("dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(request.all("X-Forwarded-For")).containsExactly("127.0.0.1");
    }

    @Test
    void framesThatComeWithTheHandshakeAreNotLost() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));

        RawClient client = proxy.client().send(HANDSHAKE + FRAME);

        assertThat(client.responseHead().status()).isEqualTo(101);
        assertThat(client.exactText(ECHOED.length())).isEqualTo(ECHOED);
    }

    @Test
    void bytesThatTheOriginSendsWithTheHandshakeAreNotLost() throws Exception {
        HttpOrigin greeting = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" + ECHOED);
            exchange.connectionEnded();
            exchange.closeAfterwards();
        }));
        proxy.start(SpecBuilder.webTo(greeting.address()));

        RawClient client = proxy.client().send(HANDSHAKE);

        assertThat(client.responseHead().status()).isEqualTo(101);
        assertThat(client.exactText(ECHOED.length())).isEqualTo(ECHOED);
    }

    @Test
    void aCloseThatTheClientBeginsIsAnsweredAndEndsBothConnections() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        WebSocketClient client = proxy.with(WebSocketClient.connect(http, proxy.web(), "/"));

        client.sendClose(WebSocket.NORMAL_CLOSURE);

        assertThat(client.closeCode()).isEqualTo(WebSocket.NORMAL_CLOSURE);
        await().atMost(SOON).until(() -> origin.open() == 0);
        proxy.awaitNothingInFlight();
    }

    @Test
    void aCloseThatTheOriginBeginsReachesTheClient() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        WebSocketClient client = proxy.with(WebSocketClient.connect(http, proxy.web(), "/"));

        client.send("close me");

        assertThat(client.closeCode()).isEqualTo(4000);
    }

    @Test
    void aClientThatVanishesEndsTheOriginsConnection() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client().send(HANDSHAKE);
        assertThat(client.responseHead().status()).isEqualTo(101);

        client.reset();

        await().atMost(SOON).until(() -> origin.open() == 0);
    }

    @Test
    void anOriginThatVanishesEndsTheClientsConnection() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client().send(HANDSHAKE);
        assertThat(client.responseHead().status()).isEqualTo(101);

        origin.close();

        assertThat(client.closedWithin(SOON)).isTrue();
    }

    @Test
    void anOriginThatRefusesTheUpgradeIsHeardAndTheConnectionGoesOn() throws Exception {
        RecordingOrigin refusing = proxy.with(RecordingOrigin.answering(
                "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno", RecordingOrigin.OK));
        proxy.start(SpecBuilder.webTo(refusing.address()));
        RawClient client = proxy.client().send(HANDSHAKE);

        RawResponse response = client.response();

        assertThat(response.status()).isEqualTo(426);
        assertThat(response.text()).isEqualTo("no");
        assertThat(client.get("a.test", "/").text()).isEqualTo("ok");
    }

    @Test
    void anOriginThatKnowsNoUpgradeAnswersAsUsual() throws Exception {
        RecordingOrigin plain = proxy.with(RecordingOrigin.start());
        proxy.start(SpecBuilder.webTo(plain.address()));
        RawClient client = proxy.client().send(HANDSHAKE);

        assertThat(client.response().text()).isEqualTo("ok");
        assertThat(client.get("a.test", "/").text()).isEqualTo("ok");
    }

    @Test
    void theUpgradeToHttp2InClearTextIsNotForwarded() throws Exception {
        // Forwarded, it would open a tunnel past the proxy's rules (h2c smuggling).
        RecordingOrigin plain = proxy.with(RecordingOrigin.start());
        proxy.start(SpecBuilder.webTo(plain.address()));
        RawClient client = proxy.client();

        RawResponse response = client.get(
                "a.test",
                "/",
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA");

        assertThat(response.status()).isEqualTo(200);
        MessageHead head = plain.next().head();
        assertThat(head.has("Upgrade")).isFalse();
        assertThat(head.has("HTTP2-Settings")).isFalse();
        assertThat(head.lists("Connection", "Upgrade")).isFalse();
    }

    @Test
    void anUpgradeThatConnectionDoesNotNameIsNotForwarded() throws Exception {
        RecordingOrigin plain = proxy.with(RecordingOrigin.start());
        proxy.start(SpecBuilder.webTo(plain.address()));

        assertThat(proxy.client()
                        .get("a.test", "/", "Upgrade: websocket", "Sec-WebSocket-Key: x")
                        .status())
                .isEqualTo(200);
        assertThat(plain.next().head().has("Upgrade")).isFalse();
    }

    @Test
    void whatFollowsARefusedUpgradeIsARequestOfItsOwn() throws Exception {
        // A tunnel that one side believes in and the other does not is a way to smuggle requests.
        RecordingOrigin plain = proxy.with(RecordingOrigin.start());
        proxy.start(SpecBuilder.web().upstream("a", plain.address()).route("a.test", "/", "a"));
        RawClient client = proxy.client().send(HANDSHAKE + "GET / HTTP/1.1\r\nHost: none.test\r\n\r\n");

        assertThat(client.response().status()).isEqualTo(200);
        assertThat(client.response().status()).isEqualTo(404);
        assertThat(plain.requests()).hasSize(1);
    }

    @Test
    void aSessionWithoutAByteEitherWayEnds() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()).tunnelIdle(Duration.ofMillis(500)));
        RawClient client = proxy.client().send(HANDSHAKE);
        assertThat(client.responseHead().status()).isEqualTo(101);

        assertThat(client.closedWithin(SOON)).isTrue();
        await().atMost(SOON).until(() -> origin.open() == 0);
    }

    @Test
    void aSessionIsNotHeldToTheTimeoutsOfRequests() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address())
                .clientIdle(Duration.ofMillis(500))
                .clientHeader(Duration.ofMillis(500))
                .firstByte(Duration.ofMillis(500)));
        RawClient client = proxy.client().send(HANDSHAKE);
        assertThat(client.responseHead().status()).isEqualTo(101);

        assertThat(client.silentFor(Duration.ofMillis(1800))).isTrue();
        client.send(FRAME.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(client.exactText(ECHOED.length())).isEqualTo(ECHOED);
    }

    @EveryTransport
    void clientsThatResetWhileTheyUpgradeLeaveNothingBehind(Transport transport) throws Exception {
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));

        for (int i = 0; i < 300; i++) {
            proxy.client().send(HANDSHAKE).reset();
        }

        proxy.awaitNothingInFlight();
    }
}
