package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Expect (RFC 9110 section 10.1.1): one expectation is known, others are refused, and none makes two programs disagree on a body. */
@Timeout(60)
class ExpectationTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String BODY = "Content-Length: 5";
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    private static final String ARRIVED = Wire.arrived("POST / HTTP/1.1", "Host: a.test", BODY, "Expect: 100-continue");
    private static final Refusal UNKNOWN =
            new Refusal("417 Expectation Failed", "bad-request", "the expectation is not known", "close");

    private static Case unknown(String name, String expectation) {
        return Case.refused(
                name,
                "Expect desync, Kettle 2025",
                Wire.post("Expect: " + expectation, BODY) + "hello" + Wire.SMUGGLED,
                UNKNOWN);
    }

    /** The body follows once the origin has the head. */
    private static Case expecting(String name, String source, String... lines) {
        return Case.passes(name, source, "", ARRIVED + "hello")
                .sends(Wire.post(lines), "hello")
                .script(new Script(CONTINUE, Wire.OK, Script.Ending.KEEP))
                .seen(CONTINUE + Wire.OK);
    }

    /** The origin answers for good before it has the body. */
    private static Case early(String status) {
        return expecting(
                        "the final answer " + status + " in place of continue",
                        "RFC 9110 10.1.1",
                        "Expect: 100-continue",
                        BODY)
                .sends(Wire.post("Expect: 100-continue", BODY))
                .script(Script.early("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nno"))
                .seenThenClosed("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
                .arrived(ARRIVED)
                .notReused();
    }

    static Stream<Case> cases() {
        return Stream.of(
                expecting("continue", "RFC 9110 10.1.1", "Expect: 100-continue", BODY),
                expecting(
                        "continue in mixed case is written as usual", "RFC 9110 10.1.1", "eXpect: 100-Continue", BODY),
                expecting(
                        "continue twice becomes one",
                        "RFC 9110 10.1.1",
                        "Expect: 100-continue",
                        "Expect: 100-continue",
                        BODY),
                expecting("a body that does not wait", "RFC 9110 10.1.1")
                        .sends(Wire.post("Expect: 100-continue", BODY) + "hello"),
                expecting("an origin that does not say continue", "RFC 9110 10.1.1", "Expect: 100-continue", BODY)
                        .script(Script.OK)
                        .seen(Wire.OK),
                expecting("an origin that says continue twice", "RFC 9110 15.2", "Expect: 100-continue", BODY)
                        .script(new Script(CONTINUE + CONTINUE, Wire.OK, Script.Ending.KEEP))
                        .seen(CONTINUE + CONTINUE + Wire.OK),
                early("417 Expectation Failed"),
                early("401 Unauthorized"),
                early("413 Content Too Large"),
                early("200 OK"),
                unknown("another expectation", "200-ok"),
                unknown("an empty expectation", ""),
                unknown("a word before continue", "y 100-continue"),
                unknown("a word behind continue", "100-continue x"),
                unknown("continue and another", "100-continue, x"),
                unknown("continue with a parameter", "100-continue;q=1"),
                unknown("continue in quotes", "\"100-continue\""),
                unknown("continue without its hyphen", "100 continue"),
                unknown("a no-break space behind continue", "100-continue\u00a0"),
                Case.refused(
                        "continue and another in two lines",
                        "Expect desync, Kettle 2025",
                        Wire.post("Expect: 100-continue", "Expect: x", BODY) + "hello",
                        UNKNOWN),
                Case.refused(
                        "a folded expectation",
                        "Expect desync, Kettle 2025",
                        Wire.post("Expect:\r\n 100-continue", BODY) + "hello",
                        "a folded header line"),
                Case.refused(
                        "a vertical tab behind continue",
                        "Expect desync, Kettle 2025",
                        Wire.post("Expect: 100-continue\u000b", BODY) + "hello",
                        "a header value holds a control character or a bare CR or LF"),
                Case.passes(
                        "continue without a body goes",
                        "0.CL by Expect, Kettle 2025",
                        Wire.get("Expect: 100-continue"),
                        Wire.GET_ARRIVED),
                Case.passes(
                        "continue with a length of zero goes",
                        "0.CL by Expect, Kettle 2025",
                        Wire.get("Expect: 100-continue", "Content-Length: 0"),
                        Wire.getArrived("Content-Length: 0")),
                Case.passes(
                        "GET with continue and a body",
                        "0.CL by Expect, Kettle 2025",
                        Wire.get("Expect: 100-continue", BODY) + "hello",
                        Wire.getArrived(BODY, "Expect: 100-continue") + "hello"),
                Case.passes(
                        "continue with chunks",
                        "RFC 9110 10.1.1",
                        Wire.post("Expect: 100-continue", "Transfer-Encoding: chunked") + "0\r\n\r\n",
                        Wire.arrived(
                                        "POST / HTTP/1.1",
                                        "Host: a.test",
                                        "Transfer-Encoding: chunked",
                                        "Expect: 100-continue")
                                + "0\r\n\r\n"),
                Case.passes(
                        "continue named in Connection goes",
                        "HHA 2020",
                        Wire.post("Connection: Expect", "Expect: 100-continue", BODY) + "hello",
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test", BODY) + "hello"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isMetOrRefused(Case played) throws Exception {
        PROXY.verify(played);
    }
}
