package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that come in one piece (RFC 9112 section 9.3.2): each ends where its framing says, and nothing behind a refusal is read. */
@Timeout(60)
class PipelineTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String CLOSING = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    private static final String SECOND = Wire.get("X-Second: 1");
    private static final String SECOND_ARRIVED = Wire.getArrived("X-Second: 1");

    private static Case both(String name, String source, String first, String firstArrived) {
        return Case.passes(name, source, first + SECOND, firstArrived + SECOND_ARRIVED)
                .seen(Wire.OK + Wire.OK);
    }

    /** The first is served; what is behind it is refused. */
    private static Case second(
            String name, String source, String first, String firstArrived, String second, String reason) {
        return Case.passes(name, source, first + second, firstArrived)
                .seenThenClosed(Wire.OK + Wire.badRequest(reason).text());
    }

    private static Case bad(String name, String source, String second, String reason) {
        return second(name, source, Wire.GET, Wire.GET_ARRIVED, second, reason);
    }

    static Stream<Case> cases() {
        String post = Wire.post("Content-Length: 5") + "hello";
        String postArrived = Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 5") + "hello";
        String chunks = "5\r\nhello\r\n0\r\n\r\n";
        return Stream.of(
                both("behind a GET", "RFC 9112 9.3.2", Wire.GET, Wire.GET_ARRIVED),
                both("behind a body with a length", "RFC 9112 6.3", post, postArrived),
                both(
                        "behind a body with a length of zero",
                        "0.CL",
                        Wire.post("Content-Length: 0"),
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 0")),
                both("behind a chunked body", "RFC 9112 7.1", Wire.chunked(chunks), Wire.chunkedArrived(chunks)),
                both(
                        "behind a chunked body with trailers",
                        "RFC 9112 7.1.2",
                        Wire.chunked("0\r\nX-T: 1\r\n\r\n"),
                        Wire.chunkedArrived("0\r\n\r\n")),
                both(
                        "behind a POST without a body",
                        "RFC 9112 6.3",
                        Wire.post(),
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test")),
                both("behind an empty line", "RFC 9112 2.2", post + "\r\n", postArrived),
                both(
                        "behind a request with Expect and its body",
                        "Expect, Kettle 2025",
                        Wire.post("Expect: 100-continue", "Content-Length: 5") + "hello",
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 5", "Expect: 100-continue")
                                + "hello"),
                Case.passes("three of a kind", "RFC 9112 9.3.2", Wire.GET.repeat(3), Wire.GET_ARRIVED.repeat(3))
                        .seen(Wire.OK.repeat(3)),
                Case.passes(
                                "behind a HEAD",
                                "RFC 9112 6.3",
                                Wire.head("HEAD / HTTP/1.1", "Host: a.test") + SECOND,
                                Wire.arrived("HEAD / HTTP/1.1", "Host: a.test") + SECOND_ARRIVED)
                        .script(Script.answer(Wire.ok("Content-Length: 0")))
                        .seen(Wire.ok("Content-Length: 0").repeat(2)),
                Case.passes(
                                "behind a request that closes",
                                "RFC 9112 9.6",
                                Wire.get("Connection: close") + SECOND,
                                Wire.GET_ARRIVED)
                        .seenThenClosed(CLOSING),
                Case.passes(
                                "behind a request of HTTP/1.0",
                                "RFC 9112 9.3",
                                Wire.head("GET / HTTP/1.0", "Host: a.test") + SECOND,
                                Wire.GET_ARRIVED)
                        .seenThenClosed(CLOSING),
                Case.passes(
                        "behind a body that the length says goes on",
                        "TE.CL",
                        Wire.post("Content-Length: " + (5 + SECOND.length())) + "hello" + SECOND,
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: " + (5 + SECOND.length()))
                                + "hello" + SECOND),
                second(
                        "a body longer than its length",
                        "CL.0",
                        Wire.post("Content-Length: 3") + "hel",
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 3") + "hel",
                        "lo\r\n\r\n",
                        "the request line is not valid"),
                second(
                        "data behind the last chunk",
                        "TE.CL",
                        Wire.chunked("0\r\n\r\n"),
                        Wire.chunkedArrived("0\r\n\r\n"),
                        "X\r\n\r\n",
                        "the request line is not valid"),
                second(
                        "five empty lines in between",
                        "RFC 9112 2.2",
                        post,
                        postArrived,
                        "\r\n".repeat(5) + SECOND,
                        "bytes that are not a request line"),
                bad(
                        "garbage behind a request",
                        "RFC 9112 2.2",
                        "garbage\r\n\r\n" + SECOND,
                        "the request line is not valid"),
                bad("a bare LF behind a request", "RFC 9112 2.2", "\n" + SECOND, "the request line is not valid"),
                bad("a NUL behind a request", "RFC 9112 2.2", "\0" + SECOND, "the request line is not valid"),
                bad(
                        "CL.TE behind a request",
                        "CL.TE",
                        Wire.post("Content-Length: 5", "Transfer-Encoding: chunked") + "0\r\n\r\n" + SECOND,
                        "Transfer-Encoding together with Content-Length, or before HTTP/1.1"),
                bad(
                        "a bad host behind a good one",
                        "Host attack",
                        Wire.head("GET / HTTP/1.1", "Host: a.test/evil") + SECOND,
                        "the Host header is not valid"),
                bad(
                        "a bad chunk behind a request",
                        "TE parsing",
                        Wire.chunked("0x0\r\n\r\n") + SECOND,
                        "a chunk size is not valid"),
                Case.refused(
                        "a good request behind a bad one",
                        "RFC 9112 2.2",
                        Wire.get("X-A : 1") + SECOND,
                        "a space before the colon of a header"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void endsWhereItsFramingSays(Case played) throws Exception {
        PROXY.verify(played);
    }
}
