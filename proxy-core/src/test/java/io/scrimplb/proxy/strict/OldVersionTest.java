package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/1.0 (RFC 9112 appendix C.2): served, in words it understands, and never with what it cannot know. */
@Timeout(60)
class OldVersionTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String CLOSING = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    private static final String KEEPING = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok";

    private static String old(String... lines) {
        return Wire.GET.replace("HTTP/1.1", "HTTP/1.0").replace("\r\n\r\n", "\r\n")
                + String.join(
                        "",
                        java.util.Arrays.stream(lines)
                                .map(line -> line + "\r\n")
                                .toList())
                + "\r\n";
    }

    private static Case closes(String name, String source, String request, String arrived) {
        return Case.passes(name, source, request, arrived).seenThenClosed(CLOSING);
    }

    private static Case keeps(String name, String source, String request, String arrived) {
        return Case.passes(name, source, request, arrived).seen(KEEPING);
    }

    static Stream<Case> cases() {
        String chunks = Wire.ok("Transfer-Encoding: chunked") + "2;a=b\r\nok\r\n0\r\nX-T: 1\r\n\r\n";
        String untilEnd = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok";
        return Stream.of(
                closes("closed unless asked", "RFC 9112 9.3", old(), Wire.GET_ARRIVED),
                keeps("kept when asked", "RFC 9112 9.3", old("Connection: Keep-Alive"), Wire.GET_ARRIVED),
                closes(
                        "closed when asked for both",
                        "RFC 9112 9.3",
                        old("Connection: keep-alive, close"),
                        Wire.GET_ARRIVED),
                closes(
                        "Proxy-Connection asks for nothing",
                        "RFC 9112 C.2.2",
                        old("Proxy-Connection: keep-alive"),
                        Wire.GET_ARRIVED),
                closes(
                        "no Host: the address it came to",
                        "RFC 9112 3.2.2",
                        Wire.head("GET / HTTP/1.0"),
                        Wire.arrivedWithId("{id}", "127.0.0.1:{port}", "GET / HTTP/1.1", "Host: 127.0.0.1:{port}")),
                closes(
                        "an absolute target gives the Host",
                        "RFC 9112 3.2.2",
                        Wire.head("GET http://a.test/ HTTP/1.0"),
                        Wire.GET_ARRIVED),
                closes(
                        "a body with a length",
                        "RFC 9112 6.3",
                        Wire.head("POST / HTTP/1.0", "Host: a.test", "Content-Length: 5") + "hello",
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 5") + "hello"),
                closes(
                        "a POST without a length has no body",
                        "RFC 9112 6.3",
                        Wire.head("POST / HTTP/1.0", "Host: a.test") + "hello",
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test")),
                closes(
                        "an expectation is ignored",
                        "RFC 9110 10.1.1",
                        Wire.head("POST / HTTP/1.0", "Host: a.test", "Expect: 100-continue", "Content-Length: 5")
                                + "hello",
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 5") + "hello"),
                closes("interim responses are not passed on", "RFC 9110 15.2", old(), Wire.GET_ARRIVED)
                        .script(Script.answer(
                                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + Wire.OK)),
                closes(
                                "chunks become bytes until the end",
                                "RFC 9112 7.1",
                                old("Connection: keep-alive"),
                                Wire.GET_ARRIVED)
                        .script(Script.answer(chunks))
                        .seenThenClosed(untilEnd),
                closes("until the end stays so", "RFC 9112 6.3", old("Connection: keep-alive"), Wire.GET_ARRIVED)
                        .script(Script.answerAndClose("HTTP/1.0 200 OK\r\n\r\nok"))
                        .seenThenClosed(untilEnd)
                        .notReused(),
                closes(
                                "HEAD is not told of chunks",
                                "RFC 9112 7.1",
                                Wire.head("HEAD / HTTP/1.0", "Host: a.test"),
                                Wire.arrived("HEAD / HTTP/1.1", "Host: a.test"))
                        .script(Script.answer(Wire.ok("Transfer-Encoding: chunked")))
                        .seenThenClosed("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"),
                keeps(
                                "no content keeps the connection",
                                "RFC 9110 15.3.5",
                                old("Connection: keep-alive"),
                                Wire.GET_ARRIVED)
                        .script(Script.answer("HTTP/1.1 204 No Content\r\n\r\n"))
                        .seen("HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isServedInItsOwnWords(Case played) throws Exception {
        PROXY.verify(played);
    }
}
