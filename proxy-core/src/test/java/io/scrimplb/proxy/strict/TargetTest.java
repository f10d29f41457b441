package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Request targets in their four forms (RFC 9112 section 3.2), and what a path may hold. */
@Timeout(60)
class TargetTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String BAD_TARGET = "the request target is not valid";
    private static final String BAD_LINE = "the request line is not valid";
    private static final String DISAGREES = "the target and the Host header disagree";

    private static Case refused(String name, String source, String requestLine, String reason) {
        return Case.refused(name, source, Wire.head(requestLine, "Host: a.test"), reason);
    }

    /** Goes out as it came: what an application makes of the path is its own affair. */
    private static Case kept(String name, String source, String requestLine) {
        return Case.passes(
                name, source, Wire.head(requestLine, "Host: a.test"), Wire.arrived(requestLine, "Host: a.test"));
    }

    /** An absolute target goes out in origin form, behind a Host line made of its authority. */
    private static Case absolute(String name, String source, String target, String host, String path) {
        return Case.passes(
                name,
                source,
                Wire.head("GET " + target + " HTTP/1.1", "X-A: 1", "Host: " + host),
                Wire.arrived("GET " + path + " HTTP/1.1", "Host: " + authority(target), "X-A: 1"));
    }

    private static String authority(String target) {
        return target.substring(target.indexOf("//") + 2).split("[/?]")[0];
    }

    /** Whatever Host says, byte for byte but for its case: no default port is guessed, so that nobody reads another host. */
    private static Case disagree(String name, String target, String host) {
        return Case.refused(
                name, "RFC 9112 3.2.2", Wire.head("GET " + target + " HTTP/1.1", "Host: " + host), DISAGREES);
    }

    static Stream<Case> cases() {
        return Stream.of(
                kept(
                        "reserved and odd but visible bytes",
                        "RFC 3986 3.3",
                        "GET /a%2fb;p=1//c?q=%zz&r=[]|{}\"<>^`\\ HTTP/1.1"),
                kept("a path that begins with two slashes", "RFC 3986 3.3", "GET //b.test/x HTTP/1.1"),
                kept("dot segments that stay inside", "RFC 3986 5.2.4", "GET /a/../b/./c HTTP/1.1"),
                Case.passes(
                        "an absolute OPTIONS without a path",
                        "RFC 9112 3.2.4",
                        Wire.head("OPTIONS http://a.test HTTP/1.1", "Host: a.test"),
                        Wire.arrived("OPTIONS * HTTP/1.1", "Host: a.test")),
                Case.passes(
                        "an absolute OPTIONS of the root",
                        "RFC 9112 3.2.4",
                        Wire.head("OPTIONS http://a.test/ HTTP/1.1", "Host: a.test"),
                        Wire.arrived("OPTIONS / HTTP/1.1", "Host: a.test")),
                kept("encoded CR and LF", "RFC 3986 2.1", "GET /%0d%0aX-A:%201 HTTP/1.1"),
                kept("a second question mark", "RFC 3986 3.4", "GET /?a?b HTTP/1.1"),
                refused(
                        "dot segments that leave the root",
                        "RFC 3986 5.2.4",
                        "GET /../etc HTTP/1.1",
                        "the path leaves its root"),
                refused(
                        "encoded dot segments that leave the root",
                        "RFC 3986 5.2.4",
                        "GET /%2e%2e/etc HTTP/1.1",
                        "the path leaves its root"),
                refused(
                        "an encoded NUL",
                        "RFC 3986 2.1",
                        "GET /a%00b HTTP/1.1",
                        "percent-encoding in the path is broken or hides a NUL"),
                refused(
                        "a percent sign without digits",
                        "RFC 3986 2.1",
                        "GET /a%zz HTTP/1.1",
                        "percent-encoding in the path is broken or hides a NUL"),
                refused(
                        "a percent sign at the end",
                        "RFC 3986 2.1",
                        "GET /a% HTTP/1.1",
                        "percent-encoding in the path is broken or hides a NUL"),
                refused("a fragment", "RFC 9112 3.2", "GET /a#b HTTP/1.1", BAD_LINE),
                refused("a NUL", "RFC 3986 2", "GET /\0 HTTP/1.1", BAD_LINE),
                refused("a control byte", "RFC 3986 2", "GET /\001 HTTP/1.1", BAD_LINE),
                refused("a DEL", "RFC 3986 2", "GET /\u007f HTTP/1.1", BAD_LINE),
                refused("a byte above 127", "RFC 3986 2", "GET /\u00e9 HTTP/1.1", BAD_LINE),
                refused("a space that is not encoded", "RFC 9112 3.2", "GET /a b HTTP/1.1", BAD_LINE),
                refused("no slash in front", "RFC 9112 3.2.1", "GET a HTTP/1.1", BAD_TARGET),
                refused("a query alone", "RFC 9112 3.2.1", "GET ?a=b HTTP/1.1", BAD_TARGET),
                refused("a backslash in front", "RFC 9112 3.2.1", "GET \\a HTTP/1.1", BAD_TARGET),
                refused("an authority with GET", "RFC 9112 3.2.3", "GET a.test:80 HTTP/1.1", BAD_TARGET),
                refused("an asterisk with GET", "RFC 9112 3.2.4", "GET * HTTP/1.1", BAD_TARGET),
                refused("an asterisk and more", "RFC 9112 3.2.4", "OPTIONS *x HTTP/1.1", BAD_TARGET),
                refused("an asterisk and a query", "RFC 9112 3.2.4", "OPTIONS *?x HTTP/1.1", BAD_TARGET),
                refused(
                        "an asterisk with options in lower case, which is another method",
                        "RFC 9112 3.2.4",
                        "options * HTTP/1.1",
                        BAD_TARGET),
                kept("an asterisk with OPTIONS", "RFC 9112 3.2.4", "OPTIONS * HTTP/1.1"),
                Case.refused(
                        "CONNECT with a second request behind it",
                        "RFC 9112 3.2.3",
                        Wire.head("CONNECT a.test:443 HTTP/1.1", "Host: a.test:443") + Wire.SMUGGLED,
                        BAD_TARGET),
                refused("CONNECT with a path", "RFC 9112 3.2.3", "CONNECT / HTTP/1.1", BAD_TARGET),
                refused(
                        "CONNECT with an absolute target",
                        "RFC 9112 3.2.3",
                        "CONNECT http://a.test/ HTTP/1.1",
                        BAD_TARGET),
                refused(
                        "connect in lower case with an authority",
                        "RFC 9112 3.2.3",
                        "connect a.test:443 HTTP/1.1",
                        BAD_TARGET),
                absolute("an absolute target", "RFC 9112 3.2.2", "http://a.test/x%2fy?q=1", "a.test", "/x%2fy?q=1"),
                absolute(
                        "an absolute target with its port",
                        "RFC 9112 3.2.2",
                        "http://a.test:8080/",
                        "a.test:8080",
                        "/"),
                absolute("an absolute target without a path", "RFC 9112 3.2.2", "http://a.test", "a.test", "/"),
                absolute(
                        "an absolute target with a query and no path",
                        "RFC 9112 3.2.2",
                        "http://a.test?q",
                        "a.test",
                        "/?q"),
                absolute("an absolute target in capitals", "RFC 3986 6.2.2.1", "HTTP://A.Test/", "a.test", "/"),
                absolute(
                        "an absolute target with an IPv6 address",
                        "RFC 3986 3.2.2",
                        "http://[::1]:8080/",
                        "[::1]:8080",
                        "/"),
                Case.passes(
                        "OPTIONS with an absolute target and a path",
                        "RFC 9112 3.2.4",
                        Wire.head("OPTIONS http://a.test/x HTTP/1.1", "Host: a.test"),
                        Wire.arrived("OPTIONS /x HTTP/1.1", "Host: a.test")),
                disagree("Host attack: an absolute target that names another host", "http://b.test/", "a.test"),
                disagree(
                        "Host attack: an absolute target with a port and Host without",
                        "http://a.test:8080/",
                        "a.test"),
                disagree(
                        "Host attack: an absolute target without a port and Host with one",
                        "http://a.test/",
                        "a.test:8080"),
                disagree("Host attack: a default port in Host alone", "http://a.test/", "a.test:80"),
                disagree("Host attack: a default port in the target alone", "http://a.test:80/", "a.test"),
                disagree("Host attack: a trailing dot in one of the two", "http://a.test./", "a.test"),
                disagree("Host attack: a name that only begins alike", "http://a.test/", "a.test.evil"),
                refused(
                        "an absolute target with a user",
                        "RFC 9110 4.2.4",
                        "GET http://user@a.test/ HTTP/1.1",
                        BAD_TARGET),
                refused(
                        "an absolute target with a user and a password",
                        "RFC 9110 4.2.4",
                        "GET http://a.test:80@b.test/ HTTP/1.1",
                        BAD_TARGET),
                refused(
                        "an absolute target with a backslash in its authority",
                        "RFC 3986 3.2",
                        "GET http://b.test\\@a.test/ HTTP/1.1",
                        BAD_TARGET),
                refused("an absolute target without a host", "RFC 9110 4.2.1", "GET http:///x HTTP/1.1", BAD_TARGET),
                refused(
                        "an absolute target with a port and no host",
                        "RFC 9110 4.2.1",
                        "GET http://:80/ HTTP/1.1",
                        BAD_TARGET),
                refused(
                        "an absolute target with a port out of range",
                        "RFC 3986 3.2.3",
                        "GET http://a.test:65536/ HTTP/1.1",
                        BAD_TARGET),
                refused(
                        "an absolute target with one slash",
                        "RFC 9110 4.2.1",
                        "GET http:/a.test/ HTTP/1.1",
                        BAD_TARGET),
                refused(
                        "an absolute target of another scheme",
                        "RFC 9110 4.2",
                        "GET ftp://a.test/ HTTP/1.1",
                        BAD_TARGET),
                refused(
                        "an absolute target with a file",
                        "RFC 9110 4.2",
                        "GET file:///etc/passwd HTTP/1.1",
                        BAD_TARGET),
                Case.refused(
                        "an absolute target without Host",
                        "RFC 9112 3.2",
                        Wire.head("GET http://a.test/ HTTP/1.1", "X-A: 1"),
                        "exactly one Host header is needed"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isRoutedOneWayOrNotAtAll(Case played) throws Exception {
        PROXY.verify(played);
    }
}
