package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Only this proxy says who the client is: forwarding fields of strangers and their look-alikes do not pass. */
@Timeout(60)
class ForwardingFieldTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static Case replaced(String... lines) {
        return Case.passes(lines[0], "spoofing", Wire.get(lines), Wire.GET_ARRIVED);
    }

    /** CGI, WSGI, Rack and their kin write hyphens as underscores, and so cannot tell the two names apart. */
    private static Case lookAlike(String line) {
        return Case.passes(line, "underscore look-alike", Wire.get(line, "X-A: 1"), Wire.getArrived("X-A: 1"));
    }

    private static Case kept(String line) {
        return Case.passes(line, "no look-alike", Wire.get(line), Wire.getArrived(line));
    }

    private static Case requestId(String name, String... lines) {
        return Case.passes(name, "log injection", Wire.get(lines), Wire.GET_ARRIVED);
    }

    static Stream<Case> cases() {
        return Stream.of(
                replaced("X-Forwarded-For: 6.6.6.6"),
                replaced("x-forwarded-for: 6.6.6.6", "X-FORWARDED-FOR: 7.7.7.7"),
                replaced("X-Forwarded-For:"),
                replaced("X-Forwarded-Proto: https"),
                replaced("X-Forwarded-Host: evil.test"),
                replaced("X-Forwarded-Port: 1"),
                replaced("X-Forwarded-Prefix: /evil"),
                replaced("X-Forwarded-Server: evil"),
                replaced("X-Forwarded-Scheme: https"),
                replaced("X-Forwarded-Ssl: on"),
                replaced("Forwarded: for=6.6.6.6;host=evil.test"),
                replaced("X-Real-IP: 6.6.6.6"),
                lookAlike("X_Forwarded_For: 6.6.6.6"),
                lookAlike("X-Forwarded_For: 6.6.6.6"),
                lookAlike("X_Forwarded-For: 6.6.6.6"),
                lookAlike("x_forwarded_proto: https"),
                lookAlike("X-Forwarded_Host: evil.test"),
                lookAlike("X_FORWARDED_PORT: 1"),
                lookAlike("X_Forwarded_Prefix: /evil"),
                lookAlike("X_Real_IP: 6.6.6.6"),
                lookAlike("X_Request_Id: evil"),
                lookAlike("Content_Length: 5"),
                lookAlike("Transfer_Encoding: chunked"),
                kept("X_A: 1"),
                kept("X-Forwarded: 1"),
                kept("XX-Forwarded-For: 1"),
                requestId("a request id with a space is replaced", "X-Request-Id: has space"),
                requestId("a request id with a quote is replaced", "X-Request-Id: quote\"quote"),
                requestId("a request id with markup is replaced", "X-Request-Id: <script>"),
                requestId("a request id with a semicolon is replaced", "X-Request-Id: semi;colon"),
                requestId("a request id with a tab is replaced", "X-Request-Id: tab\tbed"),
                requestId("a request id with a byte above 127 is replaced", "X-Request-Id: \u00e9"),
                requestId("an empty request id is replaced", "X-Request-Id:"),
                requestId("a request id of 129 bytes is replaced", "X-Request-Id: " + "a".repeat(129)),
                requestId("two request ids are replaced by one", "X-Request-Id: abc-1", "X-Request-Id: abc-2"),
                Case.passes(
                        "a decent request id is kept",
                        "contract",
                        Wire.get("X-Request-Id: A.b_c-9:+/=@"),
                        Wire.arrivedWithId("A.b_c-9:+/=@", "a.test", "GET / HTTP/1.1", "Host: a.test")),
                Case.passes(
                        "a request id of 128 bytes is kept",
                        "contract",
                        Wire.get("X-Request-Id: " + "a".repeat(128)),
                        Wire.arrivedWithId("a".repeat(128), "a.test", "GET / HTTP/1.1", "Host: a.test")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isNeverBelieved(Case played) throws Exception {
        PROXY.verify(played);
    }
}
