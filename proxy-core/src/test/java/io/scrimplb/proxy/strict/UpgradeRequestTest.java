package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Upgrades (RFC 9110 section 7.8): none that would let a client speak past the proxy, and a tunnel only once both sides agree. */
@Timeout(60)
class UpgradeRequestTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String WEBSOCKET_ARRIVED = Wire.getArrived("Connection: Upgrade", "Upgrade: websocket");
    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    /** The request passes as one that asks for nothing. */
    private static Case ignored(String name, String source, String... lines) {
        return Case.passes(name, source, Wire.get(lines), Wire.GET_ARRIVED);
    }

    private static Case offered(String protocol) {
        return ignored(
                "an upgrade to " + protocol + " is not asked for",
                "h2c 2020",
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: " + protocol,
                "HTTP2-Settings: AAMAAABkAAQAAP__");
    }

    private static Case websocket(String name, String source, String answer) {
        return Case.passes(name, source, Wire.get("Connection: Upgrade", "Upgrade: websocket"), WEBSOCKET_ARRIVED)
                .script(Script.answer(answer));
    }

    private static Case badSwitch(String name, String lines) {
        return websocket(name, "RFC 9110 15.2.2", "HTTP/1.1 101 Switching Protocols\r\n" + lines + "\r\n")
                .seen(Refusal.badResponse().text())
                .notReused();
    }

    static Stream<Case> cases() {
        return Stream.of(
                offered("h2c"),
                offered("H2C"),
                offered("h2"),
                offered("h2c, websocket"),
                offered("websocket, h2c"),
                offered("HTTP/2.0"),
                offered("http/2"),
                offered("HTTP/1.1"),
                offered("h2c-14"),
                offered("TLS/1.0"),
                ignored("an empty upgrade", "RFC 9110 7.8", "Connection: Upgrade", "Upgrade:"),
                ignored("two upgrades", "RFC 9110 7.8", "Connection: Upgrade", "Upgrade: websocket", "Upgrade: h2c"),
                ignored(
                        "the same upgrade twice",
                        "RFC 9110 7.8",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Upgrade: websocket"),
                ignored(
                        "an upgrade with bytes that are no token",
                        "RFC 9110 7.8",
                        "Connection: Upgrade",
                        "Upgrade: web socket"),
                ignored(
                        "an upgrade that Connection does not name",
                        "RFC 9110 7.8",
                        "Connection: keep-alive",
                        "Upgrade: websocket"),
                ignored("Connection without an upgrade", "RFC 9110 7.8", "Connection: Upgrade"),
                Case.passes(
                        "an upgrade with POST is not asked for",
                        "RFC 6455 4.1",
                        Wire.post("Connection: Upgrade", "Upgrade: websocket", "Content-Length: 0"),
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 0")),
                Case.passes(
                                "an upgrade in HTTP/1.0 is ignored",
                                "RFC 9110 7.8",
                                Wire.head(
                                        "GET / HTTP/1.0",
                                        "Host: a.test",
                                        "Connection: keep-alive, Upgrade",
                                        "Upgrade: websocket"),
                                Wire.GET_ARRIVED)
                        .seen("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok"),
                Case.refused(
                        "an upgrade with a body",
                        "RFC 9110 7.8",
                        Wire.get("Connection: Upgrade", "Upgrade: websocket", "Content-Length: 5") + "hello",
                        "an upgrade with a body"),
                Case.refused(
                        "an upgrade with a chunked body",
                        "RFC 9110 7.8",
                        Wire.get("Connection: Upgrade", "Upgrade: websocket", "Transfer-Encoding: chunked")
                                + "0\r\n\r\n",
                        "an upgrade with a body"),
                websocket("an upgrade that the origin declines", "RFC 9110 7.8", Wire.OK),
                websocket(
                                "a request behind an upgrade that the origin declines",
                                "WebSocket smuggling",
                                "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno")
                        .sends(Wire.get("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 777")
                                + Wire.get("X-Second: 1"))
                        .arrived(Wire.getArrived(
                                        "Sec-WebSocket-Version: 777", "Connection: Upgrade", "Upgrade: websocket")
                                + Wire.getArrived("X-Second: 1"))
                        .seen("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno".repeat(2)),
                websocket("an upgrade that both want", "RFC 6455 4.2.2", "")
                        .script(Script.answerAndClose(SWITCHED + "frames"))
                        .seenThenClosed(SWITCHED + "frames")
                        .notReused(),
                websocket("bytes behind an upgrade that both want", "RFC 6455 4.1", "")
                        .sends(Wire.get("Connection: Upgrade", "Upgrade: websocket") + "frames")
                        .script(Script.answerAndClose(SWITCHED))
                        .seenThenClosed(SWITCHED)
                        .arrived(WEBSOCKET_ARRIVED + "frames")
                        .notReused(),
                badSwitch("a switch to another protocol", "Connection: Upgrade\r\nUpgrade: h2c\r\n"),
                badSwitch("a switch to no protocol", "Connection: Upgrade\r\n"),
                badSwitch("a switch to two protocols", "Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n"),
                Case.badAnswer("a switch nobody asked for", "RFC 9110 15.2.2", SWITCHED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isAgreedByBothOrNotAtAll(Case played) throws Exception {
        PROXY.verify(played);
    }
}
