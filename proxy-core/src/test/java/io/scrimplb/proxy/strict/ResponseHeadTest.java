package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads of responses are held to the same as those of requests (RFC 9112 sections 4 and 5): else 502, and the connection is done. */
@Timeout(60)
class ResponseHeadTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String LENGTH = "Content-Length: 2";

    private static Case status(String name, String statusLine) {
        return Case.badAnswer(name, "RFC 9112 4", statusLine + "\r\n" + LENGTH + "\r\n\r\nok");
    }

    private static Case line(String name, String source, String line) {
        return Case.badAnswer(name, source, Wire.ok(line, LENGTH) + "ok");
    }

    private static Case raw(String name, String source, String answer) {
        return Case.badAnswer(name, source, answer);
    }

    static Stream<Case> cases() {
        return Stream.of(
                Case.answer(
                                "the upgrade that a 426 demands",
                                "RFC 9110 15.5.22",
                                Wire.head(
                                                "HTTP/1.1 426 Upgrade Required",
                                                "Upgrade: tcp2",
                                                "Connection: Upgrade",
                                                LENGTH)
                                        + "ok")
                        .seen(Wire.head("HTTP/1.1 426 Upgrade Required", "Connection: Upgrade", "Upgrade: tcp2", LENGTH)
                                + "ok"),
                status("a status of two digits", "HTTP/1.1 20 OK"),
                status("a status of four digits", "HTTP/1.1 2000 OK"),
                status("a status that is no number", "HTTP/1.1 abc OK"),
                status("a status with a letter", "HTTP/1.1 2x0 OK"),
                status("a negative status", "HTTP/1.1 -20 OK"),
                status("a status with a fraction", "HTTP/1.1 200.0 OK"),
                status("a status of zero", "HTTP/1.1 000 OK"),
                status("a status below 100", "HTTP/1.1 099 OK"),
                status("a status of 600", "HTTP/1.1 600 OK"),
                status("a status of 999", "HTTP/1.1 999 OK"),
                status("no status", "HTTP/1.1"),
                status("no status but a space", "HTTP/1.1 "),
                status("two spaces before the status", "HTTP/1.1  200 OK"),
                status("a tab before the status", "HTTP/1.1\t200 OK"),
                status("a tab behind the status", "HTTP/1.1 200\tOK"),
                status("nothing between status and reason", "HTTP/1.1 200OK"),
                status("a misspelt protocol", "HTP/1.1 200 OK"),
                status("a protocol in lower case", "http/1.1 200 OK"),
                status("a protocol in mixed case", "HtTP/1.1 200 OK"),
                status("HTTP/2", "HTTP/2 200 OK"),
                status("HTTP/2.0", "HTTP/2.0 200 OK"),
                status("HTTP/0.9", "HTTP/0.9 200 OK"),
                status("HTTP/1.2", "HTTP/1.2 200 OK"),
                status("HTTP/1.10", "HTTP/1.10 200 OK"),
                status("another protocol", "ICY 200 OK"),
                status("a space before the protocol", " HTTP/1.1 200 OK"),
                status("a NUL in the reason", "HTTP/1.1 200 O\0K"),
                status("a control byte in the reason", "HTTP/1.1 200 O\001K"),
                status("a bare CR in the reason", "HTTP/1.1 200 O\rK"),
                status("a bare LF in the reason", "HTTP/1.1 200 O\nK"),
                line("a space before the colon", "RFC 9112 5.1", "X-A : 1"),
                line("a space in a name", "RFC 9110 5.1", "X A: 1"),
                line("an empty name", "RFC 9110 5.1", ": 1"),
                line("no colon", "RFC 9112 5", "X-A"),
                line("a folded line", "RFC 9112 5.2", "X-A: 1\r\n 2"),
                line("a NUL in a value", "RFC 9110 5.5", "X-A: \0"),
                line("a control byte in a value", "RFC 9110 5.5", "X-A: 1\0012"),
                line("a DEL in a value", "RFC 9110 5.5", "X-A: 1\u007f2"),
                line("a bare CR in a value", "response splitting", "X-A: 1\rX-B: 2"),
                line("a bare LF in a value", "response splitting", "X-A: 1\nX-B: 2"),
                line("a CR before the CR LF", "response splitting", "X-A: 1\r"),
                raw("a bare LF as the empty line", "RFC 9112 2.2", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\nok"),
                raw("bare LF throughout", "RFC 9112 2.2", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
                raw("an empty line before the head", "RFC 9112 2.2", "\r\n" + Wire.OK),
                raw("a line that is not HTTP", "RFC 9112 4", "220 mail.test ESMTP ready\r\n\r\n"),
                raw("bytes that are no text", "RFC 9112 4", "\0\001\002\003\r\n\r\n"),
                raw("a body without a head", "HTTP/0.9", "<html>\r\n\r\n</html>"),
                raw("a head that ends early", "RFC 9112 8", "HTTP/1.1 200 OK\r\nContent-Len")
                        .script(Script.answerAndClose("HTTP/1.1 200 OK\r\nContent-Len")),
                raw("a status line that ends early", "RFC 9112 8", "").script(Script.answerAndClose("HTTP/1.1 200")),
                raw("nothing at all", "RFC 9112 8", "")
                        .script(Script.answerAndClose(""))
                        .seen(new Refusal(
                                        "502 Bad Gateway",
                                        "upstream-reset",
                                        "the backend closed the connection without an answer",
                                        "keep-alive")
                                .text()),
                Case.answer("no reason", "RFC 9112 4", "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok"),
                Case.answer(
                                "no reason and no space gets its space",
                                "RFC 9112 4",
                                "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok")
                        .seen("HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok"),
                Case.answer(
                        "a reason of any valid bytes",
                        "RFC 9112 4",
                        "HTTP/1.1 200 \tFine: \u00e9 \u00ff\r\nContent-Length: 2\r\n\r\nok"),
                Case.answer("a status nobody knows", "RFC 9110 15", "HTTP/1.1 599 Odd\r\nContent-Length: 2\r\n\r\nok"),
                Case.answer(
                                "hop-by-hop lines and those named in Connection go",
                                "RFC 9110 7.6.1",
                                Wire.ok(
                                                "Server: mine",
                                                "Connection: keep-alive, X-Private",
                                                "Keep-Alive: timeout=5",
                                                "X-Private: 1",
                                                "Proxy-Connection: keep-alive",
                                                "Upgrade: h2c",
                                                "Set-Cookie: a=1",
                                                "Set-Cookie: b=2",
                                                LENGTH)
                                        + "ok")
                        .seen(Wire.ok("Server: mine", "Set-Cookie: a=1", "Set-Cookie: b=2", LENGTH) + "ok"),
                Case.answer(
                        "other lines keep their bytes",
                        "RFC 9110 5.5",
                        Wire.ok("x-ODD:\t \u00e9 \t", "X-Empty:", LENGTH) + "ok"),
                Case.answer(
                        "an early hint and the answer",
                        "RFC 8297",
                        "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + Wire.OK),
                Case.answer(
                        "a continue nobody asked for", "RFC 9110 15.2.1", "HTTP/1.1 100 Continue\r\n\r\n" + Wire.OK),
                Case.answer(
                                "a length in an early hint goes",
                                "RFC 9110 8.6",
                                "HTTP/1.1 103 Early Hints\r\nContent-Length: 0\r\nTransfer-Encoding-X: 1\r\n\r\n"
                                        + Wire.OK)
                        .seen("HTTP/1.1 103 Early Hints\r\nTransfer-Encoding-X: 1\r\n\r\n" + Wire.OK),
                Case.answer(
                                "a body behind an early hint is no answer",
                                "response queue poisoning",
                                "HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n")
                        .seen("HTTP/1.1 103 Early Hints\r\n\r\n"
                                + Refusal.badResponse().text())
                        .notReused(),
                Case.answer(
                        "thirty-two early hints and the answer",
                        "limit",
                        "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(32) + Wire.OK),
                Case.answer(
                                "thirty-three early hints",
                                "limit",
                                "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(33) + Wire.OK)
                        .seen("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(32)
                                + Refusal.badResponse().text())
                        .notReused(),
                Case.answer("an early hint and then the end", "RFC 9112 8", "")
                        .script(Script.answerAndClose("HTTP/1.1 103 Early Hints\r\n\r\n"))
                        .seen("HTTP/1.1 103 Early Hints\r\n\r\n"
                                + new Refusal(
                                                "502 Bad Gateway",
                                                "upstream-reset",
                                                "the backend closed the connection without an answer",
                                                "keep-alive")
                                        .text())
                        .notReused());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isReadOneWayOrIs502(Case played) throws Exception {
        PROXY.verify(played);
    }
}
