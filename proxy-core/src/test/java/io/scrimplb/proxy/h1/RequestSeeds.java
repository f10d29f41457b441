package io.scrimplb.proxy.h1;

import static io.scrimplb.proxy.h1.Seed.accepted;
import static io.scrimplb.proxy.h1.Seed.refused;
import static io.scrimplb.proxy.h1.Seed.unfinished;

import java.util.ArrayList;
import java.util.List;

/** Requests by class of ambiguity, as the published lists of request smuggling have them, and ordinary ones. */
final class RequestSeeds {
    private static final String LINE = "POST / HTTP/1.1\r\n";
    private static final String HOST = LINE + "Host: a\r\n";
    private static final String CHUNKS = "3\r\nabc\r\n0\r\n\r\n";

    private RequestSeeds() {}

    static List<Seed> all() {
        List<Seed> seeds = new ArrayList<>();
        ordinary(seeds);
        lengths(seeds);
        codings(seeds);
        lines(seeds);
        targets(seeds);
        hosts(seeds);
        fields(seeds);
        return seeds;
    }

    private static void ordinary(List<Seed> to) {
        to.add(accepted("a plain GET", "GET /a/b?c=d HTTP/1.1\r\nHost: example.org:8080\r\nAccept: */*\r\n\r\n"));
        to.add(accepted("a field that close names", HOST + "Connection: close\r\nClose: 1\r\n\r\n"));
        to.add(accepted("HTTP/1.0 without a Host", "GET / HTTP/1.0\r\n\r\n"));
        to.add(accepted("HTTP/1.0 that is kept", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
        to.add(accepted("a length and a body", HOST + "Content-Length: 5\r\n\r\nhello"));
        to.add(accepted("chunks", HOST + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKS));
        to.add(accepted(
                "chunks with extensions and trailers",
                HOST + "Trailer: X-Sum\r\nTE: trailers\r\nTransfer-Encoding: Chunked\r\n\r\n"
                        + "3;a=\"b;c\"\r\nabc\r\n000\r\nX-Sum: 1\r\nHost: evil\r\n\r\n"));
        to.add(accepted("two requests in one piece", "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\n"));
        to.add(accepted("empty lines before it", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        to.add(accepted("100-continue", HOST + "Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx"));
        to.add(accepted(
                "a WebSocket upgrade",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n"));
        to.add(accepted(
                "an upgrade to HTTP/2, which is overlooked",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        + "HTTP2-Settings: AAMAAABk\r\n\r\n"));
        to.add(accepted(
                "forwarding fields and look-alikes",
                "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\nX_Forwarded_For: 5.6.7.8\r\n"
                        + "X-Forwarded-Proto: https\r\nForwarded: for=1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\n"
                        + "X-Forwarded-Prefix: /p\r\nX-Request-Id: abc-123\r\nContent_Length: 7\r\n\r\n"));
        to.add(
                accepted(
                        "fields named in Connection",
                        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Secret, Host, Cookie\r\nX-Secret: 1\r\nCookie: c\r\n\r\n"));
    }

    private static void lengths(List<Seed> to) {
        to.add(refused(
                "CL.CL: two lengths that differ", HOST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"));
        to.add(accepted("CL.CL: twice the same", HOST + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx"));
        to.add(refused("CL: a list", HOST + "Content-Length: 1, 1\r\n\r\nx"));
        to.add(refused("CL: a sign", HOST + "Content-Length: +1\r\n\r\nx"));
        to.add(refused("CL: below nothing", HOST + "Content-Length: -1\r\n\r\nx"));
        to.add(refused("CL: hexadecimal", HOST + "Content-Length: 0x1\r\n\r\nx"));
        to.add(refused("CL: a blank inside", HOST + "Content-Length: 1 1\r\n\r\nx"));
        to.add(refused("CL: a fraction", HOST + "Content-Length: 1.0\r\n\r\nx"));
        to.add(refused("CL: nothing", HOST + "Content-Length: \r\n\r\nx"));
        to.add(refused("CL: over 63 bits", HOST + "Content-Length: 9223372036854775808\r\n\r\nx"));
        to.add(unfinished("CL: 63 bits", HOST + "Content-Length: 9223372036854775807\r\n\r\nx"));
        to.add(refused("CL: 2^64 and a bit", HOST + "Content-Length: 18446744073709551617\r\n\r\nx"));
        to.add(accepted("CL: leading zeros", HOST + "Content-Length: 0001\r\n\r\nx"));
        to.add(refused("CL: more zeros than a number has", HOST + "Content-Length: 00000000000000000001\r\n\r\nx"));
        to.add(accepted("CL.0: a body on GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nGET"));
        to.add(accepted("CL: a look-alike", HOST + "Content_Length: 5\r\n\r\n"));
        to.add(refused("CL: digits of another script", HOST + "Content-Length: \u00b2\r\n\r\nxx"));
    }

    private static void codings(List<Seed> to) {
        String te = HOST + "Transfer-Encoding: ";
        String end = "\r\n\r\n" + CHUNKS;
        to.add(refused("CL.TE", HOST + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG"));
        to.add(refused(
                "TE.CL", HOST + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n8\r\nSMUGGLED\r\n0\r\n\r\n"));
        to.add(refused("TE.TE: twice", HOST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked" + end));
        to.add(refused("TE.TE: and another", HOST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x" + end));
        to.add(refused("TE: xchunked", te + "xchunked" + end));
        to.add(refused("TE: identity", te + "identity" + end));
        to.add(refused("TE: chunked, identity", te + "chunked, identity" + end));
        to.add(refused("TE: gzip, chunked", te + "gzip, chunked" + end));
        to.add(refused("TE: an empty element", te + ",chunked" + end));
        to.add(refused("TE: quoted", te + "\"chunked\"" + end));
        to.add(refused("TE: a parameter", te + "chunked;a=b" + end));
        to.add(refused("TE: a vertical tab", te + "\u000bchunked" + end));
        to.add(refused("TE: a form feed behind", te + "chunked\f" + end));
        to.add(refused("TE: a NUL behind", te + "chunked\0" + end));
        to.add(refused("TE: a NEL behind", te + "chunked\u0085" + end));
        to.add(refused("TE: a no-break space before", te + "\u00a0chunked" + end));
        to.add(accepted("TE: tabs around", HOST + "Transfer-Encoding:\tchunked\t" + end));
        to.add(refused("TE: a space before the colon", HOST + "Transfer-Encoding : chunked" + end));
        to.add(refused("TE: a space before the name", HOST + " Transfer-Encoding: chunked" + end));
        to.add(refused("TE: folded", HOST + "Transfer-Encoding:\r\n chunked" + end));
        to.add(refused("TE: behind a bare CR", HOST + "Foo: bar\rTransfer-Encoding: chunked" + end));
        to.add(refused("TE: behind a bare LF", HOST + "Foo: bar\nTransfer-Encoding: chunked" + end));
        to.add(accepted("TE: a look-alike", HOST + "Transfer_Encoding: chunked\r\n\r\n"));
        to.add(refused("TE: before HTTP/1.1", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked" + end));
        to.add(accepted(
                "TE: named in Connection", HOST + "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked" + end));
        to.add(accepted("CL: named in Connection", HOST + "Connection: Content-Length\r\nContent-Length: 1\r\n\r\nx"));
        to.add(refused("a chunk size over 60 bits", te + "chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n\r\n"));
        to.add(refused("a chunk size with a sign", te + "chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n"));
    }

    private static void lines(List<Seed> to) {
        String host = "\r\nHost: a\r\n\r\n";
        to.add(refused("a bare LF behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"));
        to.add(refused("bare LFs alone", "GET / HTTP/1.1\nHost: a\n\n"));
        to.add(refused("a bare CR in the request line", "GET /\rX HTTP/1.1" + host));
        to.add(refused("two spaces", "GET  / HTTP/1.1" + host));
        to.add(refused("a tab", "GET\t/ HTTP/1.1" + host));
        to.add(refused("a space behind the version", "GET / HTTP/1.1 " + host));
        to.add(refused("a space before the method", " GET / HTTP/1.1" + host));
        to.add(refused("HTTP/0.9", "GET /" + host));
        to.add(refused("HTTP/1.2", "GET / HTTP/1.2" + host));
        to.add(refused("HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        to.add(refused("HTTP/1.01", "GET / HTTP/1.01" + host));
        to.add(refused("http/1.1", "GET / http/1.1" + host));
        to.add(refused("a method with a bracket", "GET( / HTTP/1.1" + host));
        to.add(refused("a method over 127", "G\u00c9T / HTTP/1.1" + host));
        to.add(refused("a method without an end", "A".repeat(30) + " / HTTP/1.1" + host));
        to.add(refused("a NUL before all", "\0GET / HTTP/1.1" + host));
        to.add(refused("five empty lines before", "\r\n".repeat(5) + "GET / HTTP/1.1" + host));
        to.add(refused("a bare LF before", "\nGET / HTTP/1.1" + host));
        to.add(refused("a TLS handshake", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n"));
        to.add(unfinished("a head without an end", "GET / HTTP/1.1\r\nHost: a\r\n"));
    }

    private static void targets(List<Seed> to) {
        String rest = " HTTP/1.1\r\nHost: a\r\n\r\n";
        to.add(accepted("absolute", "GET http://a/b?c" + rest));
        to.add(accepted("absolute without a path", "GET http://a?c" + rest));
        to.add(accepted("absolute, OPTIONS without a path", "OPTIONS http://a" + rest));
        to.add(refused("absolute, another host", "GET http://b/" + rest));
        to.add(refused("absolute with a user", "GET http://a@b/" + rest));
        to.add(refused("absolute without a host", "GET http:///b" + rest));
        to.add(refused("another scheme", "GET ftp://a/" + rest));
        to.add(accepted("the asterisk", "OPTIONS *" + rest));
        to.add(refused("the asterisk without OPTIONS", "GET *" + rest));
        to.add(refused("CONNECT", "CONNECT a:443" + rest));
        to.add(refused("a relative target", "GET a" + rest));
        to.add(refused("a fragment", "GET /#f" + rest));
        to.add(refused("a target over 127", "GET /\u00e9" + rest));
        to.add(accepted("braces and a pipe", "GET /{a|b}?\"<>\\^`" + rest));
        to.add(refused("a target over 8 KiB", "GET /" + "a".repeat(9000) + rest));
    }

    private static void hosts(List<Seed> to) {
        String get = "GET / HTTP/1.1\r\n";
        to.add(refused("no Host", get + "\r\n"));
        to.add(refused("two Hosts", get + "Host: a\r\nHost: b\r\n\r\n"));
        to.add(refused("two equal Hosts", get + "Host: a\r\nHost: a\r\n\r\n"));
        to.add(refused("two Hosts before HTTP/1.1", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"));
        to.add(refused("an empty Host", get + "Host:\r\n\r\n"));
        to.add(refused("a Host with a user", get + "Host: a@b\r\n\r\n"));
        to.add(refused("a Host with a path", get + "Host: a/b\r\n\r\n"));
        to.add(refused("a list of Hosts", get + "Host: a, b\r\n\r\n"));
        to.add(refused("a Host with a comma", get + "Host: a,b\r\n\r\n"));
        to.add(refused("a Host with percent-encoding", get + "Host: a%2eb\r\n\r\n"));
        to.add(refused("an address of a future IP", get + "Host: [v1.a]\r\n\r\n"));
        to.add(refused("a port of six digits", get + "Host: a:000080\r\n\r\n"));
        to.add(refused("a Host with a space", get + "Host: a b\r\n\r\n"));
        to.add(refused("a port that is none", get + "Host: a:b\r\n\r\n"));
        to.add(refused("two ports", get + "Host: a:1:2\r\n\r\n"));
        to.add(accepted("an empty port", get + "Host: a:\r\n\r\n"));
        to.add(accepted("a trailing dot", get + "Host: a.\r\n\r\n"));
        to.add(accepted("an IPv6 address", get + "Host: [2001:db8::1]:80\r\n\r\n"));
        to.add(accepted("an IPv6 address with IPv4 in it", get + "Host: [::ffff:192.0.2.1]\r\n\r\n"));
        to.add(refused("an IPv6 address without an end", get + "Host: [::1\r\n\r\n"));
        to.add(refused("an IPv6 address of three groups", get + "Host: [2001:db8:1]:80\r\n\r\n"));
        to.add(refused("an IPv6 address with two gaps", get + "Host: [1::2::3]\r\n\r\n"));
        to.add(refused("an IPv6 address with a group too large", get + "Host: [::12345]\r\n\r\n"));
        to.add(refused("an IPv6 address of dots", get + "Host: [...]\r\n\r\n"));
        to.add(accepted("an IPv6 address in full", get + "Host: [1:2:3:4:5:6:7:8]\r\n\r\n"));
        to.add(accepted("the IPv6 address of nobody", get + "Host: [::]\r\n\r\n"));
        to.add(refused("an IPv6 address with a zone", get + "Host: [fe80::1%25eth0]\r\n\r\n"));
        to.add(refused("a Host behind a space before the colon", get + "Host : a\r\n\r\n"));
    }

    private static void fields(List<Seed> to) {
        to.add(refused("a folded line", HOST + "X: a\r\n b\r\n\r\n"));
        to.add(refused("a first line that is folded", LINE + " Host: a\r\n\r\n"));
        to.add(refused("a line without a colon", HOST + "X\r\n\r\n"));
        to.add(refused("a line without a name", HOST + ": a\r\n\r\n"));
        to.add(refused("a NUL in a value", HOST + "X: a\0b\r\n\r\n"));
        to.add(refused("a DEL in a value", HOST + "X: a\u007fb\r\n\r\n"));
        to.add(refused("a bare CR in a value", HOST + "X: a\rb\r\n\r\n"));
        to.add(refused("CR CR LF", HOST + "X: a\r\r\n\r\n"));
        to.add(refused("a bare LF ends the head", HOST + "X: a\r\n\n"));
        to.add(refused("a bare CR ends the head", HOST + "X: a\r\n\rX\r\n\r\n"));
        to.add(refused("a name over 127", HOST + "X\u00e9: a\r\n\r\n"));
        to.add(accepted("a value over 127", HOST + "X: \u00e9\u00ff\r\n\r\n"));
        to.add(accepted("an empty value", HOST + "X:\r\nY: \t \r\n\r\n"));
        to.add(refused("another expectation", HOST + "Expect: 200-ok\r\n\r\n"));
        to.add(refused("101 lines", HOST + "X: a\r\n".repeat(100) + "\r\n"));
        to.add(accepted("100 lines", HOST + "X: a\r\n".repeat(99) + "\r\n"));
        to.add(refused("a head over 32 KiB", HOST + "X: " + "a".repeat(33_000) + "\r\n\r\n"));
        to.add(refused("an endless line", HOST + "X: " + "a".repeat(33_000)));
        to.add(refused(
                "an upgrade with a body",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\nContent-Length: 1\r\n\r\nx"));
    }
}
