package io.scrimplb.proxy.strict;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.behaviour.EveryTransport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the body of a response ends (RFC 9112 section 6.3), and what of it reaches the client. */
@Timeout(60)
class ResponseFramingTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String CHUNKED = Wire.ok("Transfer-Encoding: chunked");

    private static Case bad(String name, String source, String... lines) {
        return Case.badAnswer(name, source, Wire.ok(lines) + "ok");
    }

    private static Case head(String name, String answer) {
        return Case.answer(name, "RFC 9112 6.3", answer)
                .sends(Wire.head("HEAD / HTTP/1.1", "Host: a.test"))
                .arrived(Wire.arrived("HEAD / HTTP/1.1", "Host: a.test"));
    }

    private static Case wantsTrailers(String name, String source, String answer) {
        return Case.answer(name, source, answer)
                .sends(Wire.get("TE: trailers"))
                .arrived(Wire.getArrived("TE: trailers", "Connection: TE"));
    }

    static Stream<Case> cases() {
        String found = "HTTP/1.1 304 Not Modified\r\n";
        String none = "HTTP/1.1 204 No Content\r\n";
        return Stream.of(
                bad("length and chunked", "RFC 9112 6.3", "Content-Length: 2", "Transfer-Encoding: chunked"),
                bad("chunked and length", "RFC 9112 6.3", "Transfer-Encoding: chunked", "Content-Length: 2"),
                bad("two lengths that differ", "RFC 9112 6.3", "Content-Length: 2", "Content-Length: 3"),
                bad("a list of lengths that differ", "RFC 9110 8.6", "Content-Length: 2, 3"),
                bad("a list of lengths that agree", "RFC 9110 8.6", "Content-Length: 2, 2"),
                bad("a length with a plus", "RFC 9110 8.6", "Content-Length: +2"),
                bad("a negative length", "RFC 9110 8.6", "Content-Length: -2"),
                bad("an empty length", "RFC 9110 8.6", "Content-Length:"),
                bad("a length of twenty digits", "RFC 9110 8.6", "Content-Length: 99999999999999999999"),
                bad("a length over 63 bits", "RFC 9110 8.6", "Content-Length: 9223372036854775808"),
                bad("another coding", "RFC 9112 6.1", "Transfer-Encoding: gzip"),
                bad("identity", "RFC 9112 6.1", "Transfer-Encoding: identity"),
                bad("another coding and chunked", "RFC 9112 6.1", "Transfer-Encoding: gzip, chunked"),
                bad("chunked not last", "RFC 9112 6.1", "Transfer-Encoding: chunked, gzip"),
                bad("chunked twice", "RFC 9112 6.1", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
                bad("chunked with a vertical tab", "RFC 9112 6.1", "Transfer-Encoding: \u000bchunked"),
                bad("a folded coding", "RFC 9112 5.2", "Transfer-Encoding:\r\n chunked"),
                Case.badAnswer(
                        "chunked in HTTP/1.0",
                        "RFC 9112 6.1",
                        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Case.answer(
                                "two lengths that agree become one",
                                "RFC 9110 8.6",
                                Wire.ok("Content-Length: 2", "X-A: 1", "Content-Length: 2") + "ok")
                        .seen(Wire.ok("X-A: 1", "Content-Length: 2") + "ok"),
                Case.answer("zeros in front of a length go", "RFC 9110 8.6", Wire.ok("Content-Length: 002") + "ok")
                        .seen(Wire.OK),
                Case.answer("a length of zero", "RFC 9112 6.3", Wire.ok("Content-Length: 0")),
                Case.answer("chunked", "RFC 9112 7.1", CHUNKED + "2\r\nok\r\n0\r\n\r\n"),
                Case.answer("extensions go", "RFC 9112 7.1.1", CHUNKED + "2;a=b\r\nok\r\n0;c\r\n\r\n")
                        .seen(CHUNKED + "2\r\nok\r\n0\r\n\r\n"),
                Case.answer(
                                "trailers nobody asked for go",
                                "RFC 9110 6.5.1",
                                CHUNKED + "2\r\nok\r\n0\r\nX-T: 1\r\n\r\n")
                        .seen(CHUNKED + "2\r\nok\r\n0\r\n\r\n"),
                wantsTrailers(
                        "trailers somebody asked for pass",
                        "RFC 9110 6.5.1",
                        CHUNKED + "2\r\nok\r\n0\r\nGrpc-Status: 0\r\n\r\n"),
                wantsTrailers(
                                "trailers that frame, route or authenticate go",
                                "RFC 9110 6.5.1",
                                CHUNKED
                                        + "2\r\nok\r\n0\r\nContent-Length: 9\r\nTransfer-Encoding: x\r\nSet-Cookie: a=b\r\nLocation: /x\r\nConnection: close\r\nWWW-Authenticate: Basic\r\nGrpc-Status: 0\r\n\r\n")
                        .seen(CHUNKED + "2\r\nok\r\n0\r\nGrpc-Status: 0\r\n\r\n"),
                Case.answer("until the end, with nothing said", "RFC 9112 6.3", "")
                        .script(Script.answerAndClose(Wire.ok("X-A: 1") + "ok"))
                        .seen(Wire.ok("X-A: 1", "Transfer-Encoding: chunked") + "2\r\nok\r\n0\r\n\r\n")
                        .notReused(),
                Case.answer("until the end, and nothing comes", "RFC 9112 6.3", "")
                        .script(Script.answerAndClose(Wire.ok("Connection: close")))
                        .seen(CHUNKED + "0\r\n\r\n")
                        .notReused(),
                Case.answer("until the end, in HTTP/1.0", "RFC 9112 6.3", "")
                        .script(Script.answerAndClose("HTTP/1.0 200 OK\r\n\r\nok"))
                        .seen(CHUNKED + "2\r\nok\r\n0\r\n\r\n")
                        .notReused(),
                Case.answer("a response without content", "RFC 9110 15.3.5", none + "\r\n"),
                Case.answer("no content with a length of zero", "RFC 9110 8.6", none + "Content-Length: 0\r\n\r\n")
                        .seen(none + "\r\n"),
                Case.answer("no content with a length", "RFC 9110 8.6", none + "Content-Length: 4\r\n\r\n")
                        .seen(none + "\r\n")
                        .notReused(),
                Case.answer("no content with a coding", "RFC 9112 6.1", none + "Transfer-Encoding: chunked\r\n\r\n")
                        .seen(none + "\r\n")
                        .notReused(),
                Case.answer(
                                "no content with content",
                                "response queue poisoning",
                                none + "Content-Length: 4\r\n\r\nevil")
                        .seen(none + "\r\n")
                        .notReused(),
                Case.answer(
                                "no content with chunks",
                                "response queue poisoning",
                                none + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                        .seen(none + "\r\n")
                        .notReused(),
                Case.answer("no content and a second response", "response queue poisoning", none + "\r\n" + Wire.OK)
                        .seen(none + "\r\n")
                        .notReused(),
                Case.answer("not modified keeps its length", "RFC 9110 8.6", found + "Content-Length: 1234\r\n\r\n"),
                Case.answer("not modified with a coding", "RFC 9112 6.1", found + "Transfer-Encoding: chunked\r\n\r\n")
                        .seen(found + "\r\n"),
                Case.answer(
                                "not modified with content",
                                "response queue poisoning",
                                found + "Content-Length: 4\r\n\r\nevil")
                        .seen(found + "Content-Length: 4\r\n\r\n")
                        .notReused(),
                head("HEAD keeps the length", Wire.ok("Content-Length: 5000")),
                head("HEAD keeps the coding", CHUNKED),
                head("HEAD without any framing", Wire.ok("X-A: 1")),
                head("HEAD with content", Wire.ok("Content-Length: 4") + "evil")
                        .seen(Wire.ok("Content-Length: 4"))
                        .notReused(),
                head("HEAD with chunks", CHUNKED + "0\r\n\r\n").seen(CHUNKED).notReused());
    }

    @EveryTransport
    void isFollowedAlikeOnEveryTransport(Transport transport) throws Exception {
        try (StrictProxy proxy = StrictProxy.started(transport)) {
            for (Case played : cases().toList()) {
                proxy.verify(played);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isFollowedToItsEndOrIs502(Case played) throws Exception {
        PROXY.verify(played);
    }
}
