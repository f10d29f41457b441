package io.scrimplb.proxy.strict;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.behaviour.EveryTransport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A response that ends before its end, or goes wrong in the middle, is seen cut and never taken for whole (RFC 9112 section 8). */
@Timeout(60)
class ResponseCutTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String CHUNKED = Wire.ok("Transfer-Encoding: chunked");
    private static final String LENGTH = Wire.ok("Content-Length: 10");
    private static final String OLD = Wire.head("GET / HTTP/1.0", "Host: a.test");

    /** The client sees that much and then the end, which is before the end that it was told of. */
    private static Case cut(String name, Script script, String seen) {
        return Case.answer(name, "RFC 9112 8", "")
                .script(script)
                .seenThenClosed(seen)
                .notReused();
    }

    /** The origin ends the connection. */
    private static Case ends(String name, String answer, String seen) {
        return cut(name, Script.answerAndClose(answer), seen);
    }

    /** A chunk that is none, behind one that is fine; of what was read together with it nothing is passed on. */
    private static Case badChunk(String name, String chunk) {
        return cut("in a response: " + name, Script.answer(CHUNKED + "2\r\nok\r\n" + chunk), CHUNKED);
    }

    static Stream<Case> cases() {
        return Stream.of(
                ends("before the last byte of its length", LENGTH + "123456789", LENGTH + "123456789"),
                ends("before the first byte of its length", LENGTH, LENGTH),
                ends("before any chunk", CHUNKED, CHUNKED),
                ends("inside a chunk size", CHUNKED + "2", CHUNKED + "2"),
                ends("behind a chunk size", CHUNKED + "2\r\n", CHUNKED + "2\r\n"),
                ends("inside chunk data", CHUNKED + "5\r\nhel", CHUNKED + "5\r\nhel"),
                ends("inside an extension", CHUNKED + "2;a", CHUNKED + "2"),
                ends("before the last chunk", CHUNKED + "2\r\nok\r\n", CHUNKED + "2\r\nok\r\n"),
                ends("inside the last chunk", CHUNKED + "2\r\nok\r\n0\r\n", CHUNKED + "2\r\nok\r\n0\r\n"),
                ends("inside a trailer", CHUNKED + "2\r\nok\r\n0\r\nX-T: 1\r\n", CHUNKED + "2\r\nok\r\n0\r\n"),
                ends("before the very last byte", CHUNKED + "2\r\nok\r\n0\r\n\r", CHUNKED + "2\r\nok\r\n0\r\n\r"),
                cut("by a reset, inside its length", Script.answerAndReset(LENGTH + "12345"), LENGTH + "12345"),
                cut(
                        "by a reset, between two chunks",
                        Script.answerAndReset(CHUNKED + "2\r\nok\r\n"),
                        CHUNKED + "2\r\nok\r\n"),
                cut(
                        "by a reset, where only the end tells the end",
                        Script.answerAndReset(Wire.ok("Connection: close") + "ok"),
                        CHUNKED + "2\r\nok\r\n"),
                badChunk("a size with 0x", "0x2\r\nok\r\n0\r\n\r\n"),
                badChunk("a negative size", "-1\r\n"),
                badChunk("a size of seventeen digits", "F".repeat(17) + "\r\nx"),
                badChunk("an empty size", "\r\n"),
                badChunk("a bare LF behind a size", "2\nok\r\n0\r\n\r\n"),
                badChunk("a bare LF behind data", "2\r\nok\n0\r\n\r\n"),
                badChunk("data longer than its size", "2\r\nokXX0\r\n\r\n"),
                badChunk("a bare LF in an extension", "2;\nok\r\n0\r\n\r\n"),
                badChunk("a trailer without a colon", "0\r\nX\r\n\r\n"),
                badChunk("a bare LF in a trailer", "0\r\nX-T: 1\nX-U: 2\r\n\r\n"),
                ends(
                                "a length, for a client of HTTP/1.0",
                                LENGTH + "12345",
                                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n12345")
                        .sends(OLD),
                Case.answer("chunks, for a client of HTTP/1.0 that knows only the end", "RFC 9112 8", "")
                        .sends(OLD)
                        .script(Script.answerAndReset(CHUNKED + "2\r\nok\r\n"))
                        .seenThenReset("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok")
                        .notReused(),
                Case.answer("a reset, for a client of HTTP/1.0 that knows only the end", "RFC 9112 8", "")
                        .sends(OLD)
                        .script(Script.answerAndReset("HTTP/1.0 200 OK\r\n\r\nok"))
                        .seenThenReset("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok")
                        .notReused());
    }

    @EveryTransport
    void isSeenCutOnEveryTransport(Transport transport) throws Exception {
        try (StrictProxy proxy = StrictProxy.started(transport)) {
            for (Case played : cases().toList()) {
                proxy.verify(played);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isSeenCutAndNeverWhole(Case played) throws Exception {
        PROXY.verify(played);
    }
}
