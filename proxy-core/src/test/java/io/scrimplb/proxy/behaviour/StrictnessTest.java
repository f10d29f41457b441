package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that are malformed, or that two parsers could read in two ways (request smuggling, RFC 9112 section 11.2):
 * one clear refusal, the connection ends, and no byte of it reaches an origin.
 */
@Timeout(60)
class StrictnessTest {
    private static final Set<Integer> BAD = Set.of(400);
    private static final Set<Integer> BAD_OR_UNKNOWN_CODING = Set.of(400, 501);
    private static final Set<Integer> BAD_VERSION = Set.of(400, 505);
    private static final Set<Integer> REFUSED_METHOD = Set.of(400, 405, 501);

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final RecordingOrigin origin = proxy.with(RecordingOrigin.start());

    private static Arguments request(String name, Set<Integer> statuses, String raw) {
        return Arguments.of(name, statuses, raw);
    }

    /** A POST with these lines and then five bytes that could be a body. */
    private static Arguments framing(String name, String lines) {
        return request(name, BAD, "POST / HTTP/1.1\r\nHost: a.test\r\n" + lines + "\r\nhello");
    }

    private static Arguments coding(String name, String lines) {
        return request(
                name,
                BAD_OR_UNKNOWN_CODING,
                "POST / HTTP/1.1\r\nHost: a.test\r\n" + lines + "\r\n5\r\nhello\r\n0\r\n\r\n");
    }

    private static Arguments header(String name, String lines) {
        return request(name, BAD, "GET / HTTP/1.1\r\nHost: a.test\r\n" + lines + "\r\n");
    }

    private static Arguments host(String name, String value) {
        return request(name, BAD, "GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n");
    }

    private static Arguments line(String name, Set<Integer> statuses, String requestLine) {
        return request(name, statuses, requestLine + "\r\nHost: a.test\r\n\r\n");
    }

    static Stream<Arguments> framings() {
        return Stream.of(
                framing("length and chunked", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
                framing("chunked and length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
                framing("chunked and a length of zero", "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"),
                framing("two lengths that differ", "Content-Length: 5\r\nContent-Length: 6\r\n"),
                framing("a list of lengths", "Content-Length: 5, 6\r\n"),
                framing("a length with a plus", "Content-Length: +5\r\n"),
                framing("a negative length", "Content-Length: -5\r\n"),
                framing("a hexadecimal length", "Content-Length: 0x5\r\n"),
                framing("a length with a space inside", "Content-Length: 5 5\r\n"),
                framing("a length with a letter", "Content-Length: 5a\r\n"),
                framing("a length with a fraction", "Content-Length: 5.0\r\n"),
                framing("an empty length", "Content-Length:\r\n"),
                framing("a length in quotes", "Content-Length: \"5\"\r\n"),
                framing("a length of twenty digits", "Content-Length: 99999999999999999999\r\n"),
                framing("a length that wraps to five", "Content-Length: 18446744073709551621\r\n"),
                framing("a length in other digits", "Content-Length: \u00b2\r\n"),
                coding("an unknown coding", "Transfer-Encoding: gzip\r\n"),
                coding("chunked not last", "Transfer-Encoding: chunked, gzip\r\n"),
                coding("chunked after another coding", "Transfer-Encoding: gzip, chunked\r\n"),
                coding("chunked twice in a line", "Transfer-Encoding: chunked, chunked\r\n"),
                coding("chunked twice in two lines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                coding("chunked and identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
                coding("identity", "Transfer-Encoding: identity\r\n"),
                coding("almost chunked", "Transfer-Encoding: xchunked\r\n"),
                coding("chunked with a vertical tab", "Transfer-Encoding: \u000bchunked\r\n"),
                coding("chunked in quotes", "Transfer-Encoding: \"chunked\"\r\n"),
                coding("chunked with a parameter", "Transfer-Encoding: chunked;q=1\r\n"),
                coding("an empty coding", "Transfer-Encoding:\r\n"),
                coding("a space before the colon", "Transfer-Encoding : chunked\r\n"),
                request(
                        "chunked in HTTP/1.0",
                        BAD_OR_UNKNOWN_CODING,
                        "POST / HTTP/1.0\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                header("a folded line", "X-A: 1\r\n 2\r\n"),
                header("a line folded with a tab", "X-A: 1\r\n\t2\r\n"),
                request("a first line that is folded", BAD, "GET / HTTP/1.1\r\n Host: a.test\r\nHost: a.test\r\n\r\n"),
                header("a space before the colon", "X-A : 1\r\n"),
                header("a tab before the colon", "X-A\t: 1\r\n"),
                header("no colon", "X-A\r\n"),
                header("an empty name", ": 1\r\n"),
                header("a space in a name", "X A: 1\r\n"),
                header("a bracket in a name", "X(A): 1\r\n"),
                header("a NUL in a name", "X\0A: 1\r\n"),
                header("a byte above 127 in a name", "X\u00e9: 1\r\n"),
                header("a NUL in a value", "X-A: 1\0002\r\n"),
                header("a control byte in a value", "X-A: 1\0012\r\n"),
                header("a DEL in a value", "X-A: 1\u007f2\r\n"),
                header("an escape byte in a value", "X-A: \u001b[31m\r\n"),
                header("a bare CR in a value", "X-A: 1\rX-B: 2\r\n"),
                header("a bare CR at the end of a value", "X-A: 1\r\r\n"),
                header("a bare LF in a line", "X-A: 1\nX-B: 2\r\n"),
                request("bare LF throughout", BAD, "GET / HTTP/1.1\nHost: a.test\n\n"),
                request("a bare LF after the request line", BAD, "GET / HTTP/1.1\nHost: a.test\r\n\r\n"),
                request("a bare LF as the empty line", BAD, "GET / HTTP/1.1\r\nHost: a.test\r\n\n"),
                request("a bare CR after the request line", BAD, "GET / HTTP/1.1\rHost: a.test\r\n\r\n"));
    }

    static Stream<Arguments> hosts() {
        return Stream.of(
                request("no Host", BAD, "GET / HTTP/1.1\r\nX-A: 1\r\n\r\n"),
                request("two Hosts", BAD, "GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n"),
                request("the same Host twice", BAD, "GET / HTTP/1.1\r\nHost: a.test\r\nHost: a.test\r\n\r\n"),
                request("two Hosts in HTTP/1.0", BAD, "GET / HTTP/1.0\r\nHost: a.test\r\nHost: b.test\r\n\r\n"),
                host("a slash in Host", "a.test/x"),
                host("a space in Host", "a.test b.test"),
                host("a user in Host", "user@a.test"),
                host("a list in Host", "a.test, b.test"),
                host("a port that is no number", "a.test:http"),
                host("a bracket that is not closed", "[::1"),
                host("a question mark in Host", "a.test?x"),
                host("a hash in Host", "a.test#x"),
                host("a backslash in Host", "a.test\\x"),
                host("a quote in Host", "a.test\""),
                request(
                        "an absolute target that names another host",
                        BAD,
                        "GET http://b.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"),
                request("an absolute target without Host", BAD, "GET http://a.test/ HTTP/1.1\r\nX-A: 1\r\n\r\n"));
    }

    static Stream<Arguments> requestLines() {
        return Stream.of(
                line("two spaces after the method", BAD, "GET  / HTTP/1.1"),
                line("two spaces before the version", BAD, "GET /  HTTP/1.1"),
                line("a tab after the method", BAD, "GET\t/ HTTP/1.1"),
                line("a space before the method", BAD, " GET / HTTP/1.1"),
                line("a space after the version", BAD, "GET / HTTP/1.1 "),
                line("a fourth word", BAD, "GET / x HTTP/1.1"),
                line("a version in lower case", BAD_VERSION, "GET / http/1.1"),
                line("HTTP/2.0", BAD_VERSION, "GET / HTTP/2.0"),
                line("HTTP/0.9", BAD_VERSION, "GET / HTTP/0.9"),
                line("HTTP/1.10", BAD_VERSION, "GET / HTTP/1.10"),
                line("HTTP/01.1", BAD_VERSION, "GET / HTTP/01.1"),
                line("HTTP/1,1", BAD_VERSION, "GET / HTTP/1,1"),
                line("HTTP/11", BAD_VERSION, "GET / HTTP/11"),
                line("HTTP/", BAD_VERSION, "GET / HTTP/"),
                line("another protocol", BAD_VERSION, "GET / ICAP/1.0"),
                line("no version", BAD_VERSION, "GET /"),
                line("no target", BAD_VERSION, "GET HTTP/1.1"),
                line("no method", BAD, " / HTTP/1.1"),
                line("a bracket in the method", BAD, "G(T / HTTP/1.1"),
                line("a control byte in the method", BAD, "G\001T / HTTP/1.1"),
                line("a NUL in the target", BAD, "GET /\0 HTTP/1.1"),
                line("a control byte in the target", BAD, "GET /\001 HTTP/1.1"),
                line("a DEL in the target", BAD, "GET /\u007f HTTP/1.1"),
                line("a byte above 127 in the target", BAD, "GET /\u00e9 HTTP/1.1"),
                line("a fragment in the target", BAD, "GET /a#b HTTP/1.1"),
                line("a target without a slash", BAD, "GET a HTTP/1.1"),
                line("an asterisk with GET", BAD, "GET * HTTP/1.1"),
                line("an authority with GET", BAD, "GET a.test:80 HTTP/1.1"),
                line("a user in an absolute target", BAD, "GET http://user@a.test/ HTTP/1.1"),
                line("another scheme in an absolute target", BAD, "GET ftp://a.test/ HTTP/1.1"),
                line("an absolute target without host", BAD, "GET http:///x HTTP/1.1"),
                request(
                        "CONNECT",
                        REFUSED_METHOD,
                        "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\nGET / HTTP/1.1\r\nHost: a.test\r\n\r\n"),
                request("the preface of HTTP/2", BAD_VERSION, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                request(
                        "a TLS handshake",
                        BAD_VERSION,
                        "\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000\u00a1\r\n\r\n"),
                request("a line of SSH", BAD_VERSION, "SSH-2.0-OpenSSH_9.6\r\n\r\n"),
                request("a status line", BAD_VERSION, "HTTP/1.1 200 OK\r\nHost: a.test\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"framings", "headers", "hosts", "requestLines"})
    void isRefusedAndNothingOfItReachesAnOrigin(String name, Set<Integer> statuses, String raw) throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        client.sendAsFarAsTaken(raw.getBytes(StandardCharsets.ISO_8859_1));

        RawResponse response = client.response("POST");
        assertThat(response.status()).isIn(statuses);
        assertThat(response.head().has("X-Scrimp-Error")).isTrue();
        assertThat(client.closedWithin(Duration.ofSeconds(5)))
                .as("the connection ends")
                .isTrue();
        assertThat(origin.bytesReceived()).as("bytes at the origin").isZero();
    }

    @Test
    void twoLengthsThatAgreeAreRefusedOrBecomeOne() throws Exception {
        // RFC 9112 section 6.3 allows both; what must not be is that the origin has to choose.
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello");

        if (client.response().status() == 200) {
            assertThat(origin.next().head().all("Content-Length")).containsExactly("5");
        } else {
            assertThat(origin.bytesReceived()).isZero();
        }
    }

    static Stream<Arguments> chunks() {
        return Stream.of(
                Arguments.of("a size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a size with a plus", "+5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a negative size", "-5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a space before a size", " 5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a size that is no number", "g\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("an empty size", "\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a size that is only an extension", ";a=b\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a size of sixteen Fs", "FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a size that wraps to five", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a size of a thousand digits", "0".repeat(1000) + "5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("data longer than its size", "5\r\nhello!\r\n0\r\n\r\n"),
                Arguments.of("data not followed by CR LF", "5\r\nhello0\r\n\r\n"),
                Arguments.of("data followed by a bare LF", "5\r\nhello\n0\r\n\r\n"),
                Arguments.of("data followed by a bare CR", "5\r\nhello\r0\r\n\r\n"),
                Arguments.of("a size followed by a bare LF", "5\nhello\r\n0\r\n\r\n"),
                Arguments.of("a size followed by a bare CR", "5\rhello\r\n0\r\n\r\n"),
                Arguments.of("a bare LF in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a bare CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a NUL in an extension", "5;a\0b\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a bare LF after the last size", "5\r\nhello\r\n0\n\r\n"),
                Arguments.of("a bare LF after the last chunk", "5\r\nhello\r\n0\r\n\n"),
                Arguments.of("a trailer without colon", "5\r\nhello\r\n0\r\nX\r\n\r\n"),
                Arguments.of("a folded trailer", "5\r\nhello\r\n0\r\nX: 1\r\n 2\r\n\r\n"),
                Arguments.of("a trailer with a space before the colon", "5\r\nhello\r\n0\r\nX : 1\r\n\r\n"),
                Arguments.of("a bare LF in a trailer", "5\r\nhello\r\n0\r\nX: 1\nY: 2\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chunks")
    void aBadChunkIsRefusedAndTheOriginNeverSeesAWholeRequest(String name, String chunks) throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");

        client.sendAsFarAsTaken(
                (chunks + "GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));

        RawResponse response = client.response("POST");
        assertThat(response.status()).isEqualTo(400);
        assertThat(client.closedWithin(Duration.ofSeconds(5))).isTrue();
        assertThat(origin.requests()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("responses")
    void aBadResponseIs502(String name, String raw) throws IOException {
        RecordingOrigin bad = proxy.with(RecordingOrigin.answeringAndClosing(raw));
        proxy.start(SpecBuilder.webTo(bad.address()));
        RawClient client = proxy.client();

        RawResponse response = client.get("a.test", "/");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("bad-response");
    }

    private static Arguments response(String name, String statusLine, String lines) {
        return Arguments.of(name, statusLine + "\r\n" + lines + "\r\nok");
    }

    static Stream<Arguments> responses() {
        String ok = "HTTP/1.1 200 OK";
        String length = "Content-Length: 2\r\n";
        return Stream.of(
                response("length and chunked", ok, length + "Transfer-Encoding: chunked\r\n"),
                response("two lengths that differ", ok, length + "Content-Length: 3\r\n"),
                response("a list of lengths that differ", ok, "Content-Length: 2, 3\r\n"),
                response("a length with a plus", ok, "Content-Length: +2\r\n"),
                response("a negative length", ok, "Content-Length: -2\r\n"),
                response("a length of twenty digits", ok, "Content-Length: 99999999999999999999\r\n"),
                response("an unknown coding", ok, "Transfer-Encoding: gzip\r\n"),
                response("chunked not last", ok, "Transfer-Encoding: chunked, gzip\r\n"),
                response("chunked twice", ok, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                response("a status of two digits", "HTTP/1.1 20 OK", length),
                response("a status of four digits", "HTTP/1.1 2000 OK", length),
                response("a status that is no number", "HTTP/1.1 abc OK", length),
                response("a status below 100", "HTTP/1.1 099 OK", length),
                response("no status", "HTTP/1.1", length),
                response("a misspelt protocol", "HTP/1.1 200 OK", length),
                response("a version in lower case", "http/1.1 200 OK", length),
                response("HTTP/2", "HTTP/2 200 OK", length),
                response("another protocol", "ICY 200 OK", length),
                response("a control byte in the reason", "HTTP/1.1 200 O\001K", length),
                response("a NUL in a value", ok, length + "X-A: \0\r\n"),
                response("a control byte in a value", ok, length + "X-A: 1\0012\r\n"),
                response("a bare CR in a value", ok, length + "X-A: 1\rX-B: 2\r\n"),
                response("a space in a name", ok, length + "X A: 1\r\n"),
                response("an empty name", ok, length + ": 1\r\n"),
                response("no colon", ok, length + "X-A\r\n"),
                Arguments.of("something else altogether", "220 mail.test ESMTP ready\r\n\r\n"),
                Arguments.of("bytes that are no text", "\u0000\u0001\u0002\u0003\r\n\r\n"));
    }
}
