package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Header lines: a token, a colon, a value of valid bytes, CRLF, and nothing else (RFC 9112 section 5). */
@Timeout(60)
class HeaderLineTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String CONTROL = "a header value holds a control character or a bare CR or LF";
    private static final String BAD_NAME = "a header line without a valid name";
    private static final String SPACE = "a space before the colon of a header";
    private static final String FOLDED = "a folded header line";

    private static Case line(String name, String source, String line, String reason) {
        return Case.refused(name, source, Wire.get(line, "X-B: 2"), reason);
    }

    private static Case kept(String name, String source, String line) {
        return Case.passes(name, source, Wire.get(line, "X-B: 2"), Wire.getArrived(line, "X-B: 2"));
    }

    static Stream<Case> cases() {
        return Stream.of(
                Case.refused(
                                "a HEAD with a space before the colon",
                                "RFC 9110 9.3.2",
                                Wire.head("HEAD / HTTP/1.1", "Host: a.test", "X-A : 1"),
                                Wire.badRequest("a space before the colon of a header"))
                        .seenThenClosed(Wire.badRequest("a space before the colon of a header")
                                .head()),
                line("a space before the colon", "RFC 9112 5.1", "X-A : 1", SPACE),
                line("a tab before the colon", "RFC 9112 5.1", "X-A\t: 1", SPACE),
                line("a space inside a name", "RFC 9110 5.1", "X A: 1", SPACE),
                line("no colon", "RFC 9112 5", "X-A", BAD_NAME),
                line("an empty name", "RFC 9110 5.1", ": 1", BAD_NAME),
                line("a colon alone", "RFC 9110 5.1", ":", BAD_NAME),
                line("a bracket in a name", "RFC 9110 5.1", "X(A): 1", BAD_NAME),
                line("a slash in a name", "RFC 9110 5.1", "X/A: 1", BAD_NAME),
                line("a quote in a name", "RFC 9110 5.1", "\"X-A\": 1", BAD_NAME),
                line("a NUL in a name", "RFC 9110 5.1", "X\0A: 1", BAD_NAME),
                line("a control byte in a name", "RFC 9110 5.1", "X\001A: 1", BAD_NAME),
                line("a byte above 127 in a name", "RFC 9110 5.1", "X\u00e9: 1", BAD_NAME),
                line("a vertical tab before a name", "T-Reqs 2021", "\u000bX-A: 1", BAD_NAME),
                line("a folded line", "RFC 9112 5.2", "X-A: 1\r\n 2", FOLDED),
                line("a line folded with a tab", "RFC 9112 5.2", "X-A: 1\r\n\t2", FOLDED),
                line("a folded line that is empty", "RFC 9112 5.2", "X-A: 1\r\n ", FOLDED),
                Case.refused(
                        "a first line that is folded",
                        "RFC 9112 2.2",
                        Wire.head("GET / HTTP/1.1", " X-A: 1", "Host: a.test"),
                        FOLDED),
                line("a NUL in a value", "RFC 9110 5.5", "X-A: 1\0002", CONTROL),
                line("a control byte in a value", "RFC 9110 5.5", "X-A: 1\0012", CONTROL),
                line("a backspace in a value", "RFC 9110 5.5", "X-A: 1\b2", CONTROL),
                line("a vertical tab in a value", "RFC 9110 5.5", "X-A: 1\u000b2", CONTROL),
                line("a form feed in a value", "RFC 9110 5.5", "X-A: 1\f2", CONTROL),
                line("an escape byte in a value", "RFC 9110 5.5", "X-A: \u001b[31m", CONTROL),
                line("a DEL in a value", "RFC 9110 5.5", "X-A: 1\u007f2", CONTROL),
                line("a bare CR in a value", "RFC 9112 2.2", "X-A: 1\rX-C: 3", CONTROL),
                line("a bare CR at the end of a value", "RFC 9112 2.2", "X-A: 1\r", CONTROL),
                line("a bare LF in a value", "RFC 9112 2.2", "X-A: 1\nX-C: 3", CONTROL),
                line("LF and then CR", "RFC 9112 2.2", "X-A: 1\n\rX-C: 3", CONTROL),
                line(
                        "a whole second request behind bare LFs",
                        "Klein 2020",
                        "X-A: 1\n\nGET /smuggled HTTP/1.1\nHost: a.test",
                        CONTROL),
                line(
                        "a whole second request behind bare CRs",
                        "Klein 2020",
                        "X-A: 1\r\rGET /smuggled HTTP/1.1\rHost: a.test",
                        CONTROL),
                Case.refused(
                        "a bare LF as the empty line",
                        "RFC 9112 2.2",
                        "GET / HTTP/1.1\r\nHost: a.test\r\n\n",
                        BAD_NAME),
                Case.refused(
                        "a bare CR as the empty line",
                        "RFC 9112 2.2",
                        "GET / HTTP/1.1\r\nHost: a.test\r\n\rX-A: 1\r\n\r\n",
                        "a bare CR in the header"),
                Case.refused(
                        "CR CR LF as the empty line",
                        "RFC 9112 2.2",
                        "GET / HTTP/1.1\r\nHost: a.test\r\n\r\r\n\r\n",
                        "a bare CR in the header"),
                Case.refused(
                        "an empty line with a space",
                        "RFC 9112 2.2",
                        "GET / HTTP/1.1\r\nHost: a.test\r\n \r\n\r\n",
                        FOLDED),
                kept("an empty value", "RFC 9110 5.5", "X-A:"),
                kept("no space behind the colon", "RFC 9112 5", "X-A:1"),
                kept("white space around a value", "RFC 9112 5", "X-A: \t 1 \t "),
                kept("a tab inside a value", "RFC 9110 5.5", "X-A: 1\t2"),
                kept("bytes above 127 in a value", "RFC 9110 5.5", "X-A: \u00e9\u00ff\u00a0\u0080"),
                kept("a quote that is not closed", "RFC 9110 5.6.4", "X-A: \"1"),
                kept("a colon in a value", "RFC 9110 5.5", "X-A: :1: GET / HTTP/1.1"),
                kept("every byte a name may have", "RFC 9110 5.6.2", "!#$%&'*+-.^_`|~0Az: 1"),
                kept("a name that comes twice", "RFC 9110 5.3", "X-B: 1"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isReadOneWayOrNotAtAll(Case played) throws Exception {
        PROXY.verify(played);
    }
}
