package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How much a head may hold, to the byte and to the line, with the status of each limit. */
@Timeout(60)
class HeadLimitTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withLimits(4096, 10);

    /** As the proxy of the cases has them. */
    private static final int HEAD_BYTES = 4096;

    private static final int HEADER_COUNT = 10;
    private static final int TARGET_BYTES = 8192;

    @RegisterExtension
    static final StrictProxy WIDE = StrictProxy.withDefaults();

    private static final Refusal TOO_LARGE = new Refusal(
            "431 Request Header Fields Too Large", "head-too-large", "the request's header is too large", "close");
    private static final Refusal TOO_LONG =
            new Refusal("414 URI Too Long", "target-too-long", "the request's target is too long", "close");

    /** The line that makes a head with two more lines that long. */
    private static String filler(int headBytes) {
        return "X-Fill: " + "x".repeat(headBytes - Wire.get("X-Fill: ").length());
    }

    private static String[] lines(int count) {
        String[] lines = new String[count];
        java.util.Arrays.fill(lines, "X-A: 1");
        return lines;
    }

    static Stream<Case> cases() {
        String full = filler(HEAD_BYTES);
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Fill: \r\n\r\n";
        String fullAnswer = answer.replace("X-Fill: ", "X-Fill: " + "x".repeat(HEAD_BYTES - answer.length())) + "ok";
        return Stream.of(
                Case.passes(
                        "a head of just as many bytes as may be",
                        "header-bytes",
                        Wire.get(full),
                        Wire.getArrived(full)),
                Case.refused("a head of one byte more", "header-bytes", Wire.get(full + "x"), TOO_LARGE),
                Case.refused(
                        "a head of one byte more whose end is all that is missing",
                        "header-bytes",
                        Wire.get(full).substring(0, HEAD_BYTES - 1) + "x",
                        TOO_LARGE),
                Case.refused(
                        "a head that never ends",
                        "header-bytes",
                        "GET / HTTP/1.1\r\nHost: a.test\r\nX-A: " + "x".repeat(3 * HEAD_BYTES),
                        TOO_LARGE),
                Case.refused(
                        "a request line that never ends",
                        "header-bytes",
                        "GET /" + "x".repeat(3 * HEAD_BYTES),
                        TOO_LONG),
                Case.refused("a method that never ends", "header-bytes", "A".repeat(3 * HEAD_BYTES), TOO_LONG),
                Case.passes(
                        "as many lines as may be",
                        "header-count",
                        Wire.get(lines(HEADER_COUNT - 1)),
                        Wire.getArrived(lines(HEADER_COUNT - 1))),
                Case.refused("one line more", "header-count", Wire.get(lines(HEADER_COUNT)), TOO_LARGE),
                Case.refused(
                        "one line more, which is Content-Length",
                        "header-count",
                        Wire.get(lines(HEADER_COUNT - 1)).replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\n")
                                + "hello",
                        TOO_LARGE),
                reusedAnswer(
                        Case.answer("a response head of just as many bytes as may be", "header-bytes", fullAnswer),
                        fullAnswer),
                Case.badAnswer(
                        "a response head of one byte more",
                        "header-bytes",
                        fullAnswer.replace("X-Fill: ", "X-Fill: x")),
                Case.badAnswer(
                        "a response head that never ends",
                        "header-bytes",
                        "HTTP/1.1 200 OK\r\nX-A: " + "x".repeat(3 * HEAD_BYTES)),
                Case.answer(
                                "a response with as many lines as may be",
                                "header-count",
                                Wire.ok(answerLines(HEADER_COUNT)) + "ok")
                        .seen(Wire.ok(rotated(answerLines(HEADER_COUNT))) + "ok"),
                Case.badAnswer(
                        "a response with one line more",
                        "header-count",
                        Wire.ok(answerLines(HEADER_COUNT + 1)) + "ok"));
    }

    /** The length moves to the end on the way. */
    private static Case reusedAnswer(Case played, String answer) {
        String length = "Content-Length: 2\r\n";
        return played.seen(answer.replace(length, "").replace("\r\n\r\n", "\r\n" + length + "\r\n"));
    }

    private static String[] answerLines(int count) {
        String[] lines = lines(count);
        lines[0] = "Content-Length: 2";
        return lines;
    }

    private static String[] rotated(String[] lines) {
        String[] result = lines.clone();
        System.arraycopy(lines, 1, result, 0, lines.length - 1);
        result[lines.length - 1] = lines[0];
        return result;
    }

    static Stream<Case> targets() {
        String full = "/" + "x".repeat(TARGET_BYTES - 1);
        return Stream.of(
                Case.passes(
                        "a target of just as many bytes as may be",
                        "target",
                        Wire.head("GET " + full + " HTTP/1.1", "Host: a.test"),
                        Wire.arrived("GET " + full + " HTTP/1.1", "Host: a.test")),
                Case.refused(
                        "a target of one byte more",
                        "target",
                        Wire.head("GET " + full + "x HTTP/1.1", "Host: a.test"),
                        TOO_LONG),
                Case.refused("a target that never ends", "target", "GET " + full.repeat(2), TOO_LONG));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void targetsAreBoundedToo(Case played) throws Exception {
        WIDE.verify(played);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isBoundedToTheByte(Case played) throws Exception {
        PROXY.verify(played);
    }
}
