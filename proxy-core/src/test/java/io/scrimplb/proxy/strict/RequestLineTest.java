package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Request lines: one token, one space, one target, one space, one of two versions (RFC 9112 section 3). */
@Timeout(60)
class RequestLineTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String BAD_LINE = "the request line is not valid";
    private static final String STRAY = "bytes that are not a request line";

    private static Case line(String name, String source, String requestLine) {
        return Case.refused(name, source, Wire.head(requestLine, "Host: a.test"), BAD_LINE);
    }

    private static Case version(String version) {
        Refusal refusal = new Refusal(
                "505 HTTP Version Not Supported",
                "version-not-supported",
                "this version of HTTP is not spoken here",
                "close");
        return Case.refused(
                "the version " + version, "RFC 9112 2.3", Wire.head("GET / " + version, "Host: a.test"), refusal);
    }

    private static Case method(String name, String method) {
        return Case.passes(
                name,
                "RFC 9110 9.1",
                Wire.head(method + " / HTTP/1.1", "Host: a.test"),
                Wire.arrived(method + " / HTTP/1.1", "Host: a.test"));
    }

    static Stream<Case> cases() {
        return Stream.of(
                line("two spaces behind the method", "RFC 9112 3", "GET  / HTTP/1.1"),
                line("two spaces before the version", "RFC 9112 3", "GET /  HTTP/1.1"),
                line("a tab behind the method", "RFC 9112 3", "GET\t/ HTTP/1.1"),
                line("a tab before the version", "RFC 9112 3", "GET /\tHTTP/1.1"),
                line("a vertical tab behind the method", "RFC 9112 3", "GET\u000b/ HTTP/1.1"),
                line("a form feed behind the method", "RFC 9112 3", "GET\f/ HTTP/1.1"),
                line("a no-break space behind the method", "RFC 9112 3", "GET\u00a0/ HTTP/1.1"),
                line("a bare CR for a space", "RFC 9112 2.2", "GET\r/ HTTP/1.1"),
                line("a space before the method", "RFC 9112 2.2", " GET / HTTP/1.1"),
                line("a tab before the method", "RFC 9112 2.2", "\tGET / HTTP/1.1"),
                line("a space behind the version", "RFC 9112 3", "GET / HTTP/1.1 "),
                line("a fourth word", "RFC 9112 3", "GET / x HTTP/1.1"),
                line("a second version", "Linhart 2005", "GET / HTTP/1.1 HTTP/1.1"),
                line("no version: a request of HTTP/0.9", "T-Reqs 2021", "GET /"),
                line("no target", "RFC 9112 3", "GET HTTP/1.1"),
                line("an empty target", "RFC 9112 3", "GET  HTTP/1.1"),
                line("no method", "RFC 9112 3", " / HTTP/1.1"),
                line("a bracket in the method", "RFC 9110 9.1", "G(T / HTTP/1.1"),
                line("a colon in the method", "RFC 9110 9.1", "GET:x / HTTP/1.1"),
                line("a NUL in the method", "RFC 9110 5.6.2", "G\0T / HTTP/1.1"),
                line("a control byte in the method", "RFC 9110 5.6.2", "G\001T / HTTP/1.1"),
                line("a byte above 127 in the method", "RFC 9110 5.6.2", "G\u00c9T / HTTP/1.1"),
                line("a method of 25 bytes", "RFC 9112 3", "A".repeat(25) + " / HTTP/1.1"),
                line("a name of the protocol in lower case", "RFC 9112 2.3", "GET / http/1.1"),
                line("a name of the protocol in mixed case", "RFC 9112 2.3", "GET / HTtP/1.1"),
                line("another protocol", "RFC 9112 2.3", "GET / ICAP/1.0"),
                line("a version of one digit", "RFC 9112 2.3", "GET / HTTP/1"),
                line("a version without a dot", "RFC 9112 2.3", "GET / HTTP/11"),
                line("a version with a comma", "RFC 9112 2.3", "GET / HTTP/1,1"),
                line("a version with two dots", "RFC 9112 2.3", "GET / HTTP/1.1.1"),
                line("a version of two digits behind the dot", "RFC 9112 2.3", "GET / HTTP/1.10"),
                line("a version of two digits before the dot", "RFC 9112 2.3", "GET / HTTP/01.1"),
                line("a version with a sign", "RFC 9112 2.3", "GET / HTTP/+1.1"),
                line("a version with a letter", "RFC 9112 2.3", "GET / HTTP/1.x"),
                line("a version that is empty", "RFC 9112 2.3", "GET / HTTP/"),
                version("HTTP/0.9"),
                version("HTTP/1.2"),
                version("HTTP/1.9"),
                version("HTTP/2.0"),
                version("HTTP/3.0"),
                Case.refused(
                        "a bare LF behind the request line",
                        "RFC 9112 2.2",
                        "GET / HTTP/1.1\nHost: a.test\r\n\r\n",
                        BAD_LINE),
                Case.refused(
                        "a bare CR behind the request line",
                        "RFC 9112 2.2",
                        "GET / HTTP/1.1\rHost: a.test\r\n\r\n",
                        BAD_LINE),
                Case.refused("bare LF throughout", "RFC 9112 2.2", "GET / HTTP/1.1\nHost: a.test\n\n", BAD_LINE),
                Case.refused(
                        "two CR before the LF", "RFC 9112 2.2", "GET / HTTP/1.1\r\r\nHost: a.test\r\n\r\n", BAD_LINE),
                Case.refused(
                        "a TLS handshake",
                        "RFC 9112 3",
                        "\u0016\u0003\u0001\0\u00a5\u0001\0\0\u00a1\r\n\r\n",
                        BAD_LINE),
                Case.refused("a line of SSH", "RFC 9112 3", "SSH-2.0-OpenSSH_9.6\r\n\r\n", BAD_LINE),
                Case.refused("a status line", "RFC 9112 3", "HTTP/1.1 200 OK\r\nHost: a.test\r\n\r\n", BAD_LINE),
                Case.refused(
                        "a PROXY header nobody asked for",
                        "PROXY protocol 2.1",
                        "PROXY TCP4 6.6.6.6 7.7.7.7 1 2\r\n" + Wire.GET,
                        BAD_LINE),
                Case.passes("one empty line before the request", "RFC 9112 2.2", "\r\n" + Wire.GET, Wire.GET_ARRIVED),
                Case.passes(
                        "four empty lines before the request",
                        "RFC 9112 2.2",
                        "\r\n".repeat(4) + Wire.GET,
                        Wire.GET_ARRIVED),
                Case.refused("five empty lines before the request", "RFC 9112 2.2", "\r\n".repeat(5) + Wire.GET, STRAY),
                Case.refused("a bare LF before the request", "RFC 9112 2.2", "\n" + Wire.GET, BAD_LINE),
                Case.refused("a bare CR before the request", "RFC 9112 2.2", "\r" + Wire.GET, STRAY),
                Case.refused(
                        "an empty line with a space before the request", "RFC 9112 2.2", " \r\n" + Wire.GET, BAD_LINE),
                Case.refused("a NUL before the request", "RFC 9112 2.2", "\0" + Wire.GET, BAD_LINE),
                Case.refused(
                        "a byte order mark before the request",
                        "RFC 9112 2.2",
                        "\u00ef\u00bb\u00bf" + Wire.GET,
                        BAD_LINE),
                method("a method of 24 bytes", "A".repeat(24)),
                method("a method nobody knows", "FROB"),
                method("a method in lower case, which is another one", "get"),
                method("every byte a token may have", "!#$%&'*+-.^_`|~0Az"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isReadOneWayOrNotAtAll(Case played) throws Exception {
        PROXY.verify(played);
    }
}
