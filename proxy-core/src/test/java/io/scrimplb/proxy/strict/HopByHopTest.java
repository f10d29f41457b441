package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What concerns one hop only never passes, and nobody can use that to take away what matters (RFC 9110 section 7.6.1). */
@Timeout(60)
class HopByHopTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    /** A GET with these lines; the lines are told that must be left of them. */
    private static Case left(String name, String source, String[] lines, String... arrived) {
        return Case.passes(name, source, Wire.get(lines), Wire.getArrived(arrived));
    }

    private static String[] lines(String... lines) {
        return lines;
    }

    private static Case goes(String name, String source, String line) {
        return left(name, source, lines("X-A: 1", line, "X-B: 2"), "X-A: 1", "X-B: 2");
    }

    static Stream<Case> cases() {
        return Stream.of(
                goes("Connection: keep-alive", "RFC 9110 7.6.1", "Connection: keep-alive"),
                goes("Keep-Alive", "RFC 9110 7.6.1", "Keep-Alive: timeout=5"),
                goes("Proxy-Connection", "RFC 9110 7.6.1", "Proxy-Connection: keep-alive"),
                goes("Proxy-Authorization", "RFC 9110 11.7.2", "Proxy-Authorization: Basic eA=="),
                goes("Proxy, which CGI takes for a setting (httpoxy)", "CVE-2016-5385", "Proxy: http://b.test"),
                goes("HTTP2-Settings", "RFC 7540 3.2.1", "HTTP2-Settings: AAMAAABkAAQAAP__"),
                goes("TE with codings", "RFC 9110 10.1.4", "TE: gzip, deflate;q=0.5"),
                goes("TE with trailers that weigh nothing", "RFC 9110 10.1.4", "TE: trailers;q=0"),
                goes("a Trailer without a body", "RFC 9110 6.6.2", "Trailer: X-T"),
                goes("an Upgrade nobody names in Connection", "RFC 9110 7.8", "Upgrade: websocket"),
                left(
                        "TE with trailers",
                        "RFC 9110 10.1.4",
                        lines("TE: deflate, Trailers"),
                        "TE: trailers",
                        "Connection: TE"),
                left(
                        "named lines",
                        "RFC 9110 7.6.1",
                        lines("Connection: x-a,X-B", "X-A: 1", "x-b: 2", "X-AB: 3", "X-A: 4"),
                        "X-AB: 3"),
                left(
                        "lines named before and behind",
                        "RFC 9110 7.6.1",
                        lines("X-A: 1", "Connection: X-A", "Connection: ,, x-b ,", "X-B: 2", "X-C: 3"),
                        "X-C: 3"),
                left(
                        "names behind white space and tabs",
                        "RFC 9110 5.6.1",
                        lines("Connection:\tX-A\t, X-B", "X-A: 1", "X-B: 2")),
                left(
                        "names that are no tokens part at what is none",
                        "RFC 9110 7.6.1",
                        lines("Connection: \"X-A\"/X-B", "X-A: 1", "X-B: 2", "X-C: 3"),
                        "X-C: 3"),
                left(
                        "a hundred names at once",
                        "HHA 2020",
                        lines("Connection: " + "X-A, ".repeat(100) + "X-A", "X-A: 1", "X-B: 2"),
                        "X-B: 2"),
                left(
                        "Cookie and Authorization may be taken away by their owner",
                        "HHA 2020",
                        lines("Connection: Cookie, Authorization", "Cookie: a=b", "Authorization: Basic eA==")),
                Case.passes("Host stays", "HHA 2020", Wire.get("Connection: Host"), Wire.GET_ARRIVED),
                Case.passes(
                        "Content-Length stays",
                        "HHA 2020",
                        Wire.post("Connection: Content-Length", "Content-Length: 2") + "ok",
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 2") + "ok"),
                Case.passes(
                        "what this proxy says of the client stays",
                        "HHA 2020",
                        Wire.get(
                                "Connection: X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Forwarded-Port, X-Request-Id"),
                        Wire.GET_ARRIVED),
                Case.passes(
                        "the client's own request id stays",
                        "HHA 2020",
                        Wire.get("Connection: X-Request-Id", "X-Request-Id: abc-123"),
                        Wire.arrivedWithId("abc-123", "a.test", "GET / HTTP/1.1", "Host: a.test")),
                Case.passes(
                                "close ends the client's connection alone",
                                "RFC 9112 9.6",
                                Wire.get("Connection: close"),
                                Wire.GET_ARRIVED)
                        .seenThenClosed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"),
                Case.passes(
                                "close in a list",
                                "RFC 9112 9.6",
                                Wire.get("Connection: X-A, Close, keep-alive", "X-A: 1"),
                                Wire.GET_ARRIVED)
                        .seenThenClosed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"),
                Case.passes(
                                "a field that close names goes like any other",
                                "HHA 2020",
                                Wire.get("Connection: close", "Close: 1"),
                                Wire.GET_ARRIVED)
                        .seenThenClosed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void passesGoesOrStays(Case played) throws Exception {
        PROXY.verify(played);
    }
}
