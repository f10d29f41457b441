package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exactly one valid Host (RFC 9112 section 3.2, RFC 3986 section 3.2.2), and the attacks that play with it. */
@Timeout(60)
class HostTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String BAD_HOST = "the Host header is not valid";
    private static final String ONE_HOST = "exactly one Host header is needed";

    private static Case bad(String name, String source, String value) {
        return Case.refused(name, source, Wire.head("GET / HTTP/1.1", "Host: " + value), BAD_HOST);
    }

    private static Case number(String name, String source, String... lines) {
        return Case.refused(name, source, Wire.head(lines), ONE_HOST);
    }

    private static Case kept(String name, String source, String value) {
        return Case.passes(
                name,
                source,
                Wire.head("GET / HTTP/1.1", "Host: " + value),
                Wire.arrived("GET / HTTP/1.1", "Host: " + value));
    }

    static Stream<Case> cases() {
        return Stream.of(
                number("no Host", "RFC 9112 3.2", "GET / HTTP/1.1", "X-A: 1"),
                number("Host attack: two Hosts", "RFC 9112 3.2", "GET / HTTP/1.1", "Host: a.test", "Host: b.test"),
                number(
                        "Host attack: the same Host twice",
                        "RFC 9112 3.2",
                        "GET / HTTP/1.1",
                        "Host: a.test",
                        "Host: a.test"),
                number(
                        "Host attack: two Hosts in different case",
                        "RFC 9112 3.2",
                        "GET / HTTP/1.1",
                        "Host: a.test",
                        "hOST: b.test"),
                number(
                        "Host attack: two Hosts in HTTP/1.0",
                        "RFC 9112 3.2",
                        "GET / HTTP/1.0",
                        "Host: a.test",
                        "Host: b.test"),
                Case.refused(
                        "Host attack: a folded second Host",
                        "RFC 9112 5.2",
                        Wire.head("GET / HTTP/1.1", " Host: b.test", "Host: a.test"),
                        "a folded header line"),
                Case.refused(
                        "Host attack: a space before the colon of Host",
                        "RFC 9112 5.1",
                        Wire.head("GET / HTTP/1.1", "Host : b.test", "Host: a.test"),
                        "a space before the colon of a header"),
                bad("an empty Host", "RFC 9110 4.2.1", ""),
                bad("a blank Host", "RFC 9110 4.2.1", " \t "),
                bad("a slash", "RFC 3986 3.2.2", "a.test/x"),
                bad("a whole URI", "RFC 3986 3.2.2", "http://a.test"),
                bad("a space inside", "RFC 3986 3.2.2", "a.test b.test"),
                bad("a tab inside", "RFC 3986 3.2.2", "a.test\tb.test"),
                bad("a user", "RFC 9110 4.2.4", "user@a.test"),
                bad("a port and then a user", "RFC 9110 4.2.4", "a.test:80@b.test"),
                bad("a list", "RFC 9110 7.2", "a.test, b.test"),
                bad("a question mark", "RFC 3986 3.2.2", "a.test?x"),
                bad("a hash", "RFC 3986 3.2.2", "a.test#x"),
                bad("a backslash", "RFC 3986 3.2.2", "a.test\\x"),
                bad("a quote", "RFC 3986 3.2.2", "a.test\""),
                bad("an angle bracket", "RFC 3986 3.2.2", "<script>"),
                bad("a byte above 127", "RFC 3986 3.2.2", "\u00e9.test"),
                bad("percent-encoding", "RFC 3986 3.2.2", "a%2etest"),
                bad("an encoded NUL", "RFC 3986 3.2.2", "a.test%00.b.test"),
                bad("two dots in a row", "RFC 1034 3.1", "a..test"),
                bad("a dot in front", "RFC 1034 3.1", ".a.test"),
                bad("a dot alone", "RFC 1034 3.1", "."),
                bad("a port without a host", "RFC 9110 4.2.1", ":80"),
                bad("a port that is no number", "RFC 3986 3.2.3", "a.test:http"),
                bad("a port with a sign", "RFC 3986 3.2.3", "a.test:+80"),
                bad("a port with a space", "RFC 3986 3.2.3", "a.test: 80"),
                bad("a port out of range", "RFC 3986 3.2.3", "a.test:65536"),
                bad("a port of five nines", "RFC 3986 3.2.3", "a.test:99999"),
                bad("a port of six digits", "RFC 3986 3.2.3", "a.test:000080"),
                bad("two ports", "RFC 3986 3.2.3", "a.test:80:80"),
                bad("an IPv6 address without brackets", "RFC 3986 3.2.2", "::1"),
                bad("a bracket that is not closed", "RFC 3986 3.2.2", "[::1"),
                bad("a bracket that is not opened", "RFC 3986 3.2.2", "::1]"),
                bad("empty brackets", "RFC 3986 3.2.2", "[]"),
                bad("a name behind the bracket", "RFC 3986 3.2.2", "[::1]a.test"),
                bad("a name in brackets", "RFC 3986 3.2.2", "[a.test]"),
                bad("an IPv4 address in brackets", "RFC 3986 3.2.2", "[127.0.0.1]"),
                bad("an IPv6 address with a zone", "RFC 6874", "[fe80::1%25eth0]"),
                bad("an IPv6 address of nine groups", "RFC 4291 2.2", "[1:2:3:4:5:6:7:8:9]"),
                bad("an IPv6 address of seven groups", "RFC 4291 2.2", "[1:2:3:4:5:6:7]"),
                bad("an IPv6 address with a group of five digits", "RFC 4291 2.2", "[12345::1]"),
                bad("an IPv6 address with two gaps", "RFC 4291 2.2", "[1::2::3]"),
                bad("an IPv6 address with three colons", "RFC 4291 2.2", "[:::1]"),
                bad("an IPv6 address with a colon behind", "RFC 4291 2.2", "[1:2:3:4:5:6:7:]"),
                bad("an IPv6 address with a broken IPv4 tail", "RFC 4291 2.2", "[::ffff:1.2.3]"),
                bad("an address of a version to come", "RFC 3986 3.2.2", "[v1.a]"),
                kept("a name with a port", "RFC 9110 7.2", "Blog.Example.com:8443"),
                kept("the highest port", "RFC 3986 3.2.3", "a.test:65535"),
                kept("a port with zeros in front", "RFC 3986 3.2.3", "a.test:00080"),
                kept("an empty port", "RFC 3986 3.2.3", "a.test:"),
                kept("a trailing dot", "RFC 1034 3.1", "a.test."),
                kept("an underscore, as in names of services", "RFC 2782", "_http._tcp.a.test"),
                kept("an IPv4 address", "RFC 3986 3.2.2", "127.0.0.1"),
                kept("the shortest IPv6 address", "RFC 4291 2.2", "[::]"),
                kept("an IPv6 address with a gap in front", "RFC 4291 2.2", "[::1]:8080"),
                kept("an IPv6 address with a gap behind", "RFC 4291 2.2", "[fe80::]"),
                kept("an IPv6 address with all groups", "RFC 4291 2.2", "[2001:DB8:0:0:8:800:200c:417a]"),
                kept("an IPv6 address with an IPv4 tail", "RFC 4291 2.2", "[::ffff:192.0.2.1]"),
                Case.passes(
                        "white space around the value",
                        "RFC 9112 5",
                        "GET / HTTP/1.1\r\nHost:\t a.test \t\r\n\r\n",
                        Wire.arrivedWithId("{id}", "a.test", "GET / HTTP/1.1", "Host:\t a.test \t")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isOneAndValidOrRefused(Case played) throws Exception {
        PROXY.verify(played);
    }
}
