package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One length, in digits, within 63 bits, never beside another framing (RFC 9110 section 8.6, RFC 9112 section 6.3). */
@Timeout(60)
class ContentLengthTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String NO_NUMBER = "Content-Length is not a number";
    private static final String TOO_LARGE = "Content-Length is too large";
    private static final String DIFFERENT = "two different Content-Length";

    private static final String FIVE = Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 5") + "hello";

    private static Case refused(String name, String source, String reason, String... lines) {
        return Case.refused(name, source, Wire.post(lines) + "hello" + Wire.SMUGGLED, reason);
    }

    private static Case five(String name, String source, String... lines) {
        return Case.passes(name, source, Wire.post(lines) + "hello", FIVE);
    }

    static Stream<Case> cases() {
        return Stream.of(
                refused(
                        "two lengths that differ",
                        "CL.CL, RFC 9112 6.3",
                        DIFFERENT,
                        "Content-Length: 5",
                        "Content-Length: 6"),
                refused(
                        "two lengths, the first of them zero",
                        "CL.CL, Linhart 2005",
                        DIFFERENT,
                        "Content-Length: 0",
                        "Content-Length: 5"),
                refused(
                        "two lengths, the second of them zero",
                        "CL.CL, Linhart 2005",
                        DIFFERENT,
                        "Content-Length: 5",
                        "Content-Length: 0"),
                refused("two lengths in different case", "CL.CL", DIFFERENT, "content-length: 5", "CONTENT-LENGTH: 6"),
                refused("a list of lengths that differ", "CL.CL, RFC 9110 8.6", NO_NUMBER, "Content-Length: 5, 6"),
                refused("a list of lengths that agree", "CL.CL, RFC 9110 8.6", NO_NUMBER, "Content-Length: 5, 5"),
                refused("a length and an empty element", "CL.CL", NO_NUMBER, "Content-Length: 5,"),
                refused("a good length and an empty one", "CL.CL", NO_NUMBER, "Content-Length: 5", "Content-Length:"),
                refused("a length with a plus", "CL parsing, Klein 2020", NO_NUMBER, "Content-Length: +5"),
                refused("a negative length", "CL parsing", NO_NUMBER, "Content-Length: -5"),
                refused("a negative zero", "CL parsing", NO_NUMBER, "Content-Length: -0"),
                refused("a hexadecimal length", "CL parsing", NO_NUMBER, "Content-Length: 0x5"),
                refused("hexadecimal digits", "CL parsing", NO_NUMBER, "Content-Length: a"),
                refused("a length with an exponent", "CL parsing", NO_NUMBER, "Content-Length: 5e0"),
                refused("a length with a fraction", "CL parsing", NO_NUMBER, "Content-Length: 5.0"),
                refused("a length with an underscore", "CL parsing", NO_NUMBER, "Content-Length: 1_0"),
                refused("a length with a space inside", "CL parsing, Klein 2020", NO_NUMBER, "Content-Length: 5 5"),
                refused(
                        "a length with garbage behind",
                        "CL parsing, Grenfeldt 2021",
                        NO_NUMBER,
                        "Content-Length: 5abc"),
                refused("a length with a space and garbage behind", "CL parsing", NO_NUMBER, "Content-Length: 5 a"),
                refused("a length with a semicolon behind", "CL parsing", NO_NUMBER, "Content-Length: 5;a=b"),
                refused("a length in quotes", "CL parsing", NO_NUMBER, "Content-Length: \"5\""),
                refused("an empty length", "CL parsing", NO_NUMBER, "Content-Length:"),
                refused("a length of a superscript digit", "CL parsing", NO_NUMBER, "Content-Length: \u00b2"),
                refused("a no-break space before a length", "CL parsing", NO_NUMBER, "Content-Length: \u00a05"),
                refused(
                        "a vertical tab before a length",
                        "CL parsing",
                        "a header value holds a control character or a bare CR or LF",
                        "Content-Length: \u000b5"),
                refused(
                        "a NUL behind a length",
                        "CL parsing",
                        "a header value holds a control character or a bare CR or LF",
                        "Content-Length: 5\0"),
                refused(
                        "a bare CR behind a length",
                        "CL parsing",
                        "a header value holds a control character or a bare CR or LF",
                        "Content-Length: 5\r"),
                refused("a folded length", "CL parsing, RFC 9112 5.2", NO_NUMBER, "Content-Length:\r\n 5"),
                refused(
                        "a length that is folded behind its digits",
                        "CL parsing, RFC 9112 5.2",
                        "a folded header line",
                        "Content-Length: 5\r\n 0"),
                refused(
                        "a space before the colon",
                        "CL hiding, RFC 9112 5.1",
                        "a space before the colon of a header",
                        "Content-Length : 5"),
                refused(
                        "a length of one more than 63 bits",
                        "CL overflow",
                        TOO_LARGE,
                        "Content-Length: 9223372036854775808"),
                refused("a length of nineteen nines", "CL overflow", TOO_LARGE, "Content-Length: 9999999999999999999"),
                refused("a length of twenty digits", "CL overflow", NO_NUMBER, "Content-Length: 99999999999999999999"),
                refused(
                        "a length that wraps to five",
                        "CL overflow",
                        NO_NUMBER,
                        "Content-Length: 18446744073709551621"),
                refused(
                        "twenty digits, most of them zero",
                        "CL overflow",
                        NO_NUMBER,
                        "Content-Length: " + "0".repeat(19) + "5"),
                five("two lengths that agree become one", "RFC 9110 8.6", "Content-Length: 5", "Content-Length: 5"),
                five("zeros in front go", "RFC 9110 8.6", "Content-Length: 0005"),
                five("nineteen digits, most of them zero", "RFC 9110 8.6", "Content-Length: " + "0".repeat(18) + "5"),
                five("white space around a length goes", "RFC 9112 5", "Content-Length:\t 5 \t"),
                five("a name in mixed case is written as usual", "RFC 9110 5.1", "cOnTeNt-LeNgTh: 5"),
                five("a look-alike with an underscore goes", "CL hiding", "Content_Length: 0", "Content-Length: 5"),
                Case.passes(
                        "a look-alike alone frames nothing",
                        "CL hiding",
                        Wire.post("Content_Length: 5"),
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test")),
                Case.passes(
                        "zero is told to the origin",
                        "RFC 9110 8.6",
                        Wire.post("Content-Length: 0"),
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 0")),
                Case.passes(
                        "GET with a length of zero",
                        "RFC 9110 9.3.1",
                        Wire.get("Content-Length: 0"),
                        Wire.getArrived("Content-Length: 0")),
                Case.passes(
                        "GET with a body",
                        "0.CL, RFC 9110 9.3.1",
                        Wire.get("Content-Length: 5") + "hello",
                        Wire.getArrived("Content-Length: 5") + "hello"),
                Case.passes(
                        "a body that looks like a request",
                        "CL.0, Kettle 2022",
                        Wire.post("Content-Length: " + Wire.SMUGGLED.length()) + Wire.SMUGGLED,
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: " + Wire.SMUGGLED.length())
                                + Wire.SMUGGLED),
                Case.passes(
                        "OPTIONS with a body that looks like a request",
                        "CL.0, Kettle 2022",
                        Wire.head("OPTIONS / HTTP/1.1", "Host: a.test", "Content-Length: " + Wire.SMUGGLED.length())
                                + Wire.SMUGGLED,
                        Wire.arrived("OPTIONS / HTTP/1.1", "Host: a.test", "Content-Length: " + Wire.SMUGGLED.length())
                                + Wire.SMUGGLED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isOneNumberOrRefused(Case played) throws Exception {
        PROXY.verify(played);
    }
}
