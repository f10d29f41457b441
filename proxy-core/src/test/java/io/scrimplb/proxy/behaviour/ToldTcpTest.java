package io.scrimplb.proxy.behaviour;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.AcceptingSocket;
import io.scrimplb.proxy.partners.OneByteClient;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RefusingAddress;
import io.scrimplb.proxy.partners.TcpEchoOrigin;
import io.scrimplb.proxy.partners.ToldOrigin;
import io.scrimplb.proxy.spec.ProxyProtocol;
import io.scrimplb.proxy.telemetry.ErrorCause;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The PROXY header before raw bytes: taken from trusted peers, given to endpoints that want one. */
@Timeout(60)
class ToldTcpTest {
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final String V1 = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 8443\r\n";
    private static final String TRUSTED = "127.0.0.0/8";

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final TcpEchoOrigin echo = proxy.with(new TcpEchoOrigin());

    private RawClient connect() {
        return proxy.with(RawClient.connect(proxy.address("raw")));
    }

    private SpecBuilder toldTo(ProxyProtocol version, ToldOrigin origin) {
        return SpecBuilder.bare().told(version, "app", origin.address()).tcp("raw", "app");
    }

    private AcceptingSocket greeting() {
        return proxy.with(AcceptingSocket.start("greeting origin", (socket, number) -> {
            socket.getOutputStream().write("220 ready\r\n".getBytes(ISO_8859_1));
            socket.getInputStream().transferTo(socket.getOutputStream());
        }));
    }

    @EveryTransport
    void aTrustedPeersHeaderIsTakenOffAndLogged(Transport transport) throws Exception {
        RecordingAccessLog log = proxy.logged();
        proxy.on(transport).start(SpecBuilder.tcpTo(echo.address()).trusted(TRUSTED));

        RawClient client = connect().send(V1 + "hello").halfClose();
        assertThat(client.untilClosed()).isEqualTo("hello");
        assertThat(log.next().clientAddress().getHostAddress()).isEqualTo("192.0.2.7");

        RawClient slow = connect();
        new OneByteClient(slow).send(V1 + "hello");
        assertThat(slow.halfClose().untilClosed()).isEqualTo("hello");
        assertThat(log.next().clientAddress().getHostAddress()).isEqualTo("192.0.2.7");
    }

    @EveryTransport
    void aStrangersHeaderIsPayload(Transport transport) throws Exception {
        proxy.on(transport).start(SpecBuilder.tcpTo(echo.address()).trusted("10.0.0.0/8"));

        assertThat(connect().send(V1 + "hello").halfClose().untilClosed()).isEqualTo(V1 + "hello");
    }

    @EveryTransport
    void whatATrustedPeerSendsWithoutAHeaderIsPayload(Transport transport) throws Exception {
        proxy.on(transport).start(SpecBuilder.tcpTo(echo.address()).trusted(TRUSTED));

        for (String payload : List.of("hello", "P", "PROXY", "\r\n\r\n\0", "")) {
            RawClient client = connect();
            new OneByteClient(client).send(payload);
            assertThat(client.halfClose().untilClosed()).isEqualTo(payload);
        }
    }

    @EveryTransport
    void anEndpointThatSpeaksFirstIsHeardBeforeATrustedPeerHasSaidWhetherItHasAHeader(Transport transport)
            throws Exception {
        RecordingAccessLog log = proxy.logged();
        proxy.on(transport).start(SpecBuilder.tcpTo(greeting().address()).trusted(TRUSTED));
        RawClient client = connect();
        assertThat(client.exactText(11)).isEqualTo("220 ready\r\n");

        // A header that was late is none of the endpoint's business nevertheless.
        client.send(V1 + "EHLO");
        assertThat(client.exactText(4)).isEqualTo("EHLO");
        client.close();
        assertThat(log.next().clientAddress().getHostAddress()).isEqualTo("192.0.2.7");
    }

    @Test
    void aMalformedHeaderEndsTheSession() throws Exception {
        proxy.start(SpecBuilder.tcpTo(echo.address()).trusted(TRUSTED));

        assertThat(connect().send("PROXY TCP4 nonsense\r\nhello").untilClosed()).isEmpty();
        assertThat(errors(ErrorCause.BAD_PROXY_HEADER)).isEqualTo(1);
        assertThat(connect().send("PROXY TCP4 192.0.2.7").halfClose().untilClosed())
                .isEmpty();
        assertThat(errors(ErrorCause.BAD_PROXY_HEADER)).isEqualTo(2);
    }

    @Test
    void aHeaderThatTricklesEndsWithItsDeadline() throws Exception {
        proxy.start(SpecBuilder.tcpTo(echo.address()).trusted(TRUSTED).clientHeader(SHORT));

        assertThat(connect().send("PROXY TCP4 ").untilClosed()).isEmpty();
        assertThat(errors(ErrorCause.HEADER_TIMEOUT)).isEqualTo(1);
    }

    @EveryTransport
    void anEndpointIsToldOfTheClientBeforeItsFirstByte(Transport transport) throws Exception {
        ToldOrigin origin = proxy.with(ToldOrigin.echo());
        proxy.on(transport).start(toldTo(ProxyProtocol.V1, origin));
        RawClient client = connect();
        assertThat(client.send("hello").halfClose().untilClosed()).isEqualTo("hello");

        proxy.swap(toldTo(ProxyProtocol.V2, origin));
        RawClient other = connect();
        assertThat(other.send("hello").halfClose().untilClosed()).isEqualTo("hello");

        int local = proxy.address("raw").getPort();
        assertThat(origin.told())
                .containsExactly(
                        "V1 TCP4 127.0.0.1/" + client.localAddress().getPort() + " to 127.0.0.1/" + local,
                        "V2 TCP4 127.0.0.1/" + other.localAddress().getPort() + " to 127.0.0.1/" + local);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProxyProtocol.class,
            names = {"V1", "V2"})
    void whatATrustedPeerToldIsToldOn(ProxyProtocol version) throws Exception {
        ToldOrigin origin = proxy.with(ToldOrigin.echo());
        proxy.start(toldTo(version, origin).trusted(TRUSTED));

        assertThat(connect().send(V1 + "hello").halfClose().untilClosed()).isEqualTo("hello");
        RawClient slow = connect();
        new OneByteClient(slow).send(V1 + "hello");
        assertThat(slow.halfClose().untilClosed()).isEqualTo("hello");
        RawClient plain = connect().send("hello").halfClose();
        assertThat(plain.untilClosed()).isEqualTo("hello");

        String told = version + " TCP4 192.0.2.7/56324 to 198.51.100.1/8443";
        assertThat(origin.told())
                .containsExactly(
                        told,
                        told,
                        version + " TCP4 127.0.0.1/" + plain.localAddress().getPort() + " to 127.0.0.1/"
                                + proxy.address("raw").getPort());
    }

    @EveryTransport
    void aTrustedPeerThatWaitsForTheEndpointToSpeakHasNoHeaderAfterAWhile(Transport transport) throws Exception {
        ToldOrigin origin = proxy.with(ToldOrigin.start((socket, in, said) -> {
            socket.getOutputStream().write("220 ready\r\n".getBytes(ISO_8859_1));
            in.transferTo(socket.getOutputStream());
        }));
        proxy.on(transport).start(toldTo(ProxyProtocol.V1, origin).trusted(TRUSTED));
        RawClient client = connect();

        assertThat(client.exactText(11)).isEqualTo("220 ready\r\n");
        assertThat(origin.told())
                .containsExactly("V1 TCP4 127.0.0.1/" + client.localAddress().getPort() + " to 127.0.0.1/"
                        + proxy.address("raw").getPort());
        client.send(V1);
        assertThat(client.exactText(V1.length())).isEqualTo(V1);
    }

    @Test
    void theNextEndpointIsToldTooWhenOneRefuses() throws Exception {
        ToldOrigin origin = proxy.with(ToldOrigin.echo());
        RefusingAddress refusing = proxy.with(RefusingAddress.open());
        proxy.start(SpecBuilder.bare()
                .told(ProxyProtocol.V2, "app", refusing.address(), origin.address())
                .tcp("raw", "app"));

        for (int i = 0; i < 4; i++) {
            assertThat(connect().send("hello").halfClose().untilClosed()).isEqualTo("hello");
        }
        assertThat(origin.told()).hasSize(4).allMatch(told -> told.startsWith("V2 TCP4 127.0.0.1/"));
    }

    private long errors(ErrorCause cause) {
        return proxy.server().traffic().applications().stream()
                .mapToLong(application -> application.errors(cause))
                .sum();
    }
}
