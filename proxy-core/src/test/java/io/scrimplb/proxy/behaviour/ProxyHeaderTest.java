package io.scrimplb.proxy.behaviour;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.MessageHead;
import io.scrimplb.proxy.partners.OneByteClient;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import io.scrimplb.proxy.telemetry.ErrorCause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY header before HTTP: whose is believed, and what follows from it. */
@Timeout(60)
class ProxyHeaderTest {
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration SOON = Duration.ofSeconds(8);
    private static final String V1 = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 8443\r\n";
    private static final String V2_SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    /** The same addresses and ports as the line says, and a TLV behind them. */
    private static final String V2 =
            V2_SIGNATURE + "\041\021\0\021\300\0\002\007\306\063\144\001\334\004\040\373\004\0\002xx";

    private static final String REQUEST = "GET /a HTTP/1.1\r\nHost: a.test\r\n";

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final RecordingOrigin origin = proxy.with(RecordingOrigin.start());

    private SpecBuilder trusting(String... networks) {
        SpecBuilder spec = SpecBuilder.webTo(origin.address());
        for (String network : networks) {
            spec.trusted(network);
        }
        return spec;
    }

    private MessageHead send(String bytes) throws Exception {
        assertThat(proxy.client().send(bytes).response().status()).isEqualTo(200);
        return origin.next().head();
    }

    private long errors(ErrorCause cause) {
        return proxy.server().traffic().applications().stream()
                .mapToLong(application -> application.errors(cause))
                .sum();
    }

    @EveryTransport
    void aTrustedPeerTellsTheClientsAddressAndWhereItConnectedTo(Transport transport) throws Exception {
        RecordingAccessLog log = proxy.logged();
        proxy.on(transport).start(trusting("127.0.0.0/8"));

        for (String header : List.of(V1, V2)) {
            MessageHead head = send(header + REQUEST + "X-Forwarded-For: 203.0.113.9\r\n\r\n");

            assertThat(head.startLine()).isEqualTo("GET /a HTTP/1.1");
            assertThat(head.all("X-Forwarded-For")).containsExactly("192.0.2.7");
            assertThat(head.all("X-Forwarded-Port")).containsExactly("8443");
            assertThat(log.next().clientAddress().getHostAddress()).isEqualTo("192.0.2.7");
        }
    }

    @EveryTransport
    void aHeaderMayComeInPiecesAndHoldsForEveryRequestOfItsConnection(Transport transport) throws Exception {
        proxy.on(transport).start(trusting("127.0.0.0/8"));

        for (String header : List.of(V1, V2)) {
            RawClient client = proxy.client();
            new OneByteClient(client).send(header + REQUEST + "\r\n");
            assertThat(client.response().status()).isEqualTo(200);
            client.get("a.test", "/b");

            assertThat(origin.next().head().all("X-Forwarded-For")).containsExactly("192.0.2.7");
            assertThat(origin.next().head().all("X-Forwarded-For")).containsExactly("192.0.2.7");
        }
    }

    @EveryTransport
    void aTrustedPeerMaySendNone(Transport transport) throws Exception {
        proxy.on(transport).start(trusting("127.0.0.0/8"));
        String rest = " / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nab";

        for (String method : List.of("POST", "PUT", "PROXYED", "GET", "\r\nPOST")) {
            RawClient client = proxy.client();
            new OneByteClient(client).send(method + rest);
            assertThat(client.response().status()).isEqualTo(200);
            assertThat(proxy.client().send(method + rest).response().status()).isEqualTo(200);
            for (int i = 0; i < 2; i++) {
                RecordingOrigin.Recorded request = origin.next();
                assertThat(request.head().startLine()).isEqualTo(method.strip() + " / HTTP/1.1");
                assertThat(request.text()).isEqualTo("ab");
                assertThat(request.head().all("X-Forwarded-For")).containsExactly("127.0.0.1");
            }
        }
    }

    @Test
    void aStrangersHeaderIsABadRequest() throws Exception {
        proxy.start(trusting("10.0.0.0/8"));

        for (String header : List.of(V1, V2)) {
            RawClient client = proxy.client();
            RawResponse response = client.send(header + REQUEST + "\r\n").response();
            assertThat(response.status()).isEqualTo(400);
            assertThat(client.closedWithin(SOON)).isTrue();
        }
        assertThat(origin.bytesReceived()).isZero();
    }

    @Test
    void forwardingFieldsBehindAHeaderAreBelievedWhenTheToldClientIsTrustedToo() throws Exception {
        proxy.start(trusting("127.0.0.0/8", "192.0.2.0/24"));

        MessageHead head = send(V1 + REQUEST + "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Port: 444\r\n\r\n");

        assertThat(head.all("X-Forwarded-For")).containsExactly("203.0.113.9, 192.0.2.7");
        assertThat(head.all("X-Forwarded-Port")).containsExactly("444");
    }

    @Test
    void aPeerThatSpeaksForItselfIsBelievedAsWithoutAHeader() throws Exception {
        proxy.start(trusting("127.0.0.0/8"));
        String local = V2_SIGNATURE + "\040\0\0\0";

        MessageHead head = send(local + REQUEST + "X-Forwarded-For: 203.0.113.9\r\n\r\n");

        assertThat(head.all("X-Forwarded-For")).containsExactly("203.0.113.9, 127.0.0.1");
    }

    @Test
    void aClientThatIsNotToldHasThePeersAddressButNotItsWord() throws Exception {
        proxy.start(trusting("127.0.0.0/8"));

        for (String header : List.of("PROXY UNKNOWN\r\n", V2_SIGNATURE + "\041\0\0\0")) {
            MessageHead head = send(header + REQUEST + "X-Forwarded-For: 203.0.113.9\r\n\r\n");

            assertThat(head.all("X-Forwarded-For")).containsExactly("127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n",
                "PROXY / HTTP/1.1\r\nHost: a.test\r\n\r\n",
                "\r\n\r\n\0\r\nQUIT\n\042\021\0\014",
                "\r\n\r\n\0\r\nQUIT\n\041\021\377\377"
            })
    void aMalformedHeaderEndsTheConnectionWithoutAWordAndIsCounted(String header) throws Exception {
        proxy.start(trusting("127.0.0.0/8"));
        RawClient client = proxy.client();
        client.sendAsFarAsTaken((header + REQUEST + "\r\n").getBytes(ISO_8859_1));

        assertThat(client.untilClosed()).isEmpty();
        assertThat(errors(ErrorCause.BAD_PROXY_HEADER)).isEqualTo(1);
        assertThat(origin.bytesReceived()).isZero();
        send(V1 + REQUEST + "\r\n");
    }

    @Test
    void aSecondHeaderIsABadRequest() throws Exception {
        proxy.start(trusting("127.0.0.0/8"));

        assertThat(proxy.client().send(V1 + V1 + REQUEST + "\r\n").response().status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P", "PROXY TCP4 192.0.2.7", "\r\n\r\n\0\r\nQUIT\n\041\021\0\377"})
    void aHeaderThatTricklesEndsWithItsDeadline(String beginning) throws Exception {
        proxy.start(trusting("127.0.0.0/8").clientHeader(SHORT));
        RawClient client = proxy.client().send(beginning);

        assertThat(client.untilClosed()).isEmpty();
        assertThat(errors(ErrorCause.HEADER_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void aTrustedPeerThatSaysNothingIsClosedAsAnIdleOneIs() throws Exception {
        proxy.start(trusting("127.0.0.0/8").clientIdle(SHORT));

        assertThat(proxy.client().closedWithin(SOON)).isTrue();
    }

    @Test
    void aDrainClosesATrustedPeerThatHasSaidNothing() throws Exception {
        proxy.start(trusting("127.0.0.0/8"));
        RawClient client = proxy.client();
        await().atMost(SOON)
                .until(() -> proxy.server().traffic().listeners().stream()
                        .anyMatch(listener -> listener.connections() == 1));

        assertThat(proxy.server().drain(SOON)).isTrue();
        assertThat(client.closedWithin(SOON)).isTrue();
    }

    @Test
    void aThousandSilentPeersInsideTheirHeadersEndWithTheDeadline() throws Exception {
        proxy.start(trusting("127.0.0.0/8").clientHeader(Duration.ofSeconds(2)));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            clients.add(proxy.client().send(i % 2 == 0 ? "PROXY TCP4 " : V2_SIGNATURE + "\041\021"));
        }
        send(V1 + REQUEST + "\r\n");

        for (RawClient client : clients) {
            assertThat(client.closedWithin(SOON)).isTrue();
        }
        assertThat(errors(ErrorCause.HEADER_TIMEOUT)).isEqualTo(1_000);
        send(V1 + REQUEST + "\r\n");
    }

    @Test
    void aPeerThatLeavesInsideItsHeaderLeavesNothingBehind() throws IOException {
        proxy.start(trusting("127.0.0.0/8"));
        proxy.client().send("PROXY TC").close();
        proxy.client().send("PR").halfClose();
        proxy.client().send(V2_SIGNATURE).reset();

        await().atMost(SOON)
                .until(() -> proxy.server().traffic().listeners().stream()
                        .allMatch(listener -> listener.connections() == 0));
    }
}
