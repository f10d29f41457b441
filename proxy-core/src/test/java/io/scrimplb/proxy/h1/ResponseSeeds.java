package io.scrimplb.proxy.h1;

import static io.scrimplb.proxy.h1.Seed.accepted;
import static io.scrimplb.proxy.h1.Seed.refused;
import static io.scrimplb.proxy.h1.Seed.unfinished;

import java.util.ArrayList;
import java.util.List;

/** Responses by class of ambiguity, and ordinary ones. */
final class ResponseSeeds {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKS = "3\r\nabc\r\n0\r\n\r\n";

    private ResponseSeeds() {}

    static List<Seed> all() {
        List<Seed> seeds = new ArrayList<>();
        ordinary(seeds);
        statusLines(seeds);
        framing(seeds);
        return seeds;
    }

    private static void ordinary(List<Seed> to) {
        to.add(accepted("a length and a body", OK + "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"));
        to.add(accepted("chunks", OK + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKS));
        to.add(
                accepted(
                        "chunks with extensions and trailers",
                        OK
                                + "Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n3;a\r\nabc\r\n0\r\nX-Sum: 1\r\nSet-Cookie: a\r\n\r\n"));
        to.add(accepted("a body until the end", OK + "Connection: close\r\n\r\nhello"));
        to.add(accepted("a body of HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nhello"));
        to.add(accepted(
                "HTTP/1.0 that is kept", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx"));
        to.add(accepted("no content", "HTTP/1.1 204 No Content\r\n\r\n"));
        to.add(accepted("no content, with framing fields", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"));
        to.add(accepted(
                "no content, in chunks", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
        to.add(accepted("not modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\n"));
        to.add(accepted("not modified, in chunks", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"));
        to.add(accepted("reset content", "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"));
        to.add(accepted(
                "interim responses",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK
                        + "Content-Length: 1\r\n\r\nx"));
        to.add(accepted(
                "an interim response with a length",
                "HTTP/1.1 100 C\r\nContent-Length: 3\r\n\r\n" + OK + "Content-Length: 0\r\n\r\n"));
        to.add(accepted(
                "two responses in one piece", OK + "Content-Length: 0\r\n\r\n" + OK + "Content-Length: 0\r\n\r\n"));
        to.add(
                accepted(
                        "hop-by-hop fields",
                        OK
                                + "Connection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nUpgrade: h2\r\nContent-Length: 0\r\n\r\n"));
    }

    private static void statusLines(List<Seed> to) {
        String rest = "\r\nContent-Length: 0\r\n\r\n";
        to.add(accepted("no reason", "HTTP/1.1 200 " + rest));
        to.add(accepted("no reason and no space", "HTTP/1.1 200" + rest));
        to.add(accepted("a reason over 127", "HTTP/1.1 200 \u00e9" + rest));
        to.add(refused("HTTP/2", "HTTP/2 200 OK" + rest));
        to.add(refused("HTTP/1.2", "HTTP/1.2 200 OK" + rest));
        to.add(refused("http/1.1", "http/1.1 200 OK" + rest));
        to.add(refused("mixed case", "HtTp/1.1 200 OK" + rest));
        to.add(refused("ICY", "ICY 200 OK" + rest));
        to.add(refused("two spaces", "HTTP/1.1  200 OK" + rest));
        to.add(refused("two digits", "HTTP/1.1 20 OK" + rest));
        to.add(refused("four digits", "HTTP/1.1 2000 OK" + rest));
        to.add(refused("status 099", "HTTP/1.1 099 OK" + rest));
        to.add(refused("status 600", "HTTP/1.1 600 OK" + rest));
        to.add(refused("a sign", "HTTP/1.1 +20 OK" + rest));
        to.add(refused("a tab behind the status", "HTTP/1.1 200\tOK" + rest));
        to.add(refused("a NUL in the reason", "HTTP/1.1 200 O\0K" + rest));
        to.add(refused("a bare CR in the reason", "HTTP/1.1 200 O\rK" + rest));
        to.add(refused("a bare LF", "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n"));
        to.add(refused("an empty line before", "\r\nHTTP/1.1 200 OK" + rest));
        to.add(refused(
                "an upgrade nobody asked for", "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"));
    }

    private static void framing(List<Seed> to) {
        to.add(refused("CL and TE", OK + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS));
        to.add(refused("lengths that differ", OK + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"));
        to.add(accepted("lengths that are the same", OK + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"));
        to.add(refused("a list of lengths", OK + "Content-Length: 3, 3\r\n\r\nabc"));
        to.add(refused("a length with a sign", OK + "Content-Length: +3\r\n\r\nabc"));
        to.add(refused("another coding", OK + "Transfer-Encoding: gzip\r\n\r\nabc"));
        to.add(refused("chunked twice", OK + "Transfer-Encoding: chunked, chunked\r\n\r\n" + CHUNKS));
        to.add(refused("chunks before HTTP/1.1", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS));
        to.add(refused("a space before the colon", OK + "Content-Length : 3\r\n\r\nabc"));
        to.add(refused("a folded line", OK + "X: a\r\n b\r\nContent-Length: 0\r\n\r\n"));
        to.add(unfinished("a body that is cut", OK + "Content-Length: 5\r\n\r\nhell"));
        to.add(unfinished("chunks that are cut", OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"));
        to.add(unfinished("an interim response alone", "HTTP/1.1 100 Continue\r\n\r\n"));
        to.add(refused("a chunk that is too long", OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n"));
        to.add(refused("an endless head", OK + "X: " + "a".repeat(33_000)));
        to.add(refused("101 lines", OK + "X: a\r\n".repeat(101) + "\r\n"));
    }
}
