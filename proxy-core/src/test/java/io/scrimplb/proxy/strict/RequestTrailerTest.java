package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trailers of requests (RFC 9110 section 6.5, RFC 9112 section 7.1.2): checked always, passed on only when announced and harmless. */
@Timeout(60)
class RequestTrailerTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String CHUNK = "3\r\nabc\r\n0\r\n";

    private static String announced(String trailers) {
        return Wire.post("Trailer: X-Before, X-After", "Transfer-Encoding: chunked") + CHUNK + trailers + "\r\n";
    }

    private static String announcedArrived(String trailers) {
        return Wire.arrived(
                        "POST / HTTP/1.1", "Host: a.test", "Trailer: X-Before, X-After", "Transfer-Encoding: chunked")
                + CHUNK + trailers + "\r\n";
    }

    private static Case refused(String name, String source, String trailers, String reason) {
        return Case.refused(name, source, Wire.chunked(CHUNK + trailers) + Wire.SMUGGLED, "trailer: " + reason);
    }

    /** A field that means something before the body: it goes, its neighbours stay. */
    private static Case dropped(String line) {
        return Case.passes(
                "the trailer " + line.substring(0, line.indexOf(':')) + " goes",
                "RFC 9110 6.5.1",
                announced("X-Before: 1\r\n" + line + "\r\nX-After: 2\r\n"),
                announcedArrived("X-Before: 1\r\nX-After: 2\r\n"));
    }

    static Stream<Case> cases() {
        return Stream.concat(
                Stream.of(
                        Case.passes(
                                "announced trailers pass",
                                "RFC 9110 6.5.2",
                                announced("X-Before: 1\r\nX-After: 2\r\n"),
                                announcedArrived("X-Before: 1\r\nX-After: 2\r\n")),
                        Case.passes("announced and then none", "RFC 9110 6.6.2", announced(""), announcedArrived("")),
                        Case.passes(
                                "fifty trailers pass",
                                "limit",
                                announced("X-A: 1\r\n".repeat(50)),
                                announcedArrived("X-A: 1\r\n".repeat(50))),
                        Case.passes(
                                "trailers nobody announced go",
                                "RFC 9110 6.5.1",
                                Wire.chunked(CHUNK + "X-T: 1\r\n\r\n"),
                                Wire.chunkedArrived(CHUNK + "\r\n")),
                        Case.passes(
                                "an announcement without a chunked body goes",
                                "RFC 9110 6.6.2",
                                Wire.post("Trailer: X-T", "Content-Length: 2") + "ok",
                                Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 2") + "ok"),
                        refused(
                                "fifty-one trailers",
                                "limit",
                                "X-A: 1\r\n".repeat(51) + "\r\n",
                                "too many header lines"),
                        refused("no colon", "RFC 9112 5", "X-T\r\n\r\n", "a header line without a valid name"),
                        refused("an empty name", "RFC 9112 5", ": 1\r\n\r\n", "a header line without a valid name"),
                        refused("a folded trailer", "RFC 9112 5.2", "X-T: 1\r\n 2\r\n\r\n", "a folded header line"),
                        refused(
                                "a space before the colon",
                                "RFC 9112 5.1",
                                "X-T : 1\r\n\r\n",
                                "a space before the colon of a header"),
                        refused("a bare LF", "bare LF", "X-T: 1\nX-U: 2\r\n\r\n", "a bare CR or LF"),
                        refused("a bare CR", "bare CR", "X-T: 1\rX-U: 2\r\n\r\n", "a bare CR or LF"),
                        refused("a bare LF as the end of the section", "bare LF", "X-T: 1\r\n\n", "a bare CR or LF"),
                        refused(
                                "a NUL",
                                "RFC 9110 5.5",
                                "X-T: \0\r\n\r\n",
                                "a header value holds a control character or a bare CR or LF"),
                        refused(
                                "a request line in place of a trailer",
                                "TE.CL",
                                "GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n",
                                "a space before the colon of a header")),
                Stream.of(
                                "Content-Length: 9",
                                "Transfer-Encoding: chunked",
                                "Host: evil.test",
                                "Connection: X-Before",
                                "Upgrade: h2c",
                                "TE: trailers",
                                "Trailer: X-Evil",
                                "Expect: 100-continue",
                                "Keep-Alive: timeout=5",
                                "X-Forwarded-For: 6.6.6.6",
                                "X-Forwarded-Proto: https",
                                "X-Forwarded-Prefix: /evil",
                                "Forwarded: for=6.6.6.6",
                                "X-Real-IP: 6.6.6.6",
                                "X-Request-Id: evil",
                                "X_Forwarded_For: 6.6.6.6",
                                "Content_Length: 9",
                                "Authorization: Basic ZXZpbA==",
                                "Proxy-Authorization: Basic ZXZpbA==",
                                "Cookie: session=evil",
                                "Content-Type: text/evil",
                                "Content-Encoding: gzip",
                                "Content-Range: bytes 0-1/2",
                                "Cache-Control: no-store",
                                "Range: bytes=0-1",
                                "If-Match: \"x\"",
                                "If-None-Match: *",
                                "Max-Forwards: 0")
                        .map(RequestTrailerTest::dropped));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void passesGoesOrIsRefused(Case played) throws Exception {
        PROXY.verify(played);
    }
}
