package io.scrimplb.proxy.h1;

import static io.scrimplb.proxy.h1.Seed.accepted;
import static io.scrimplb.proxy.h1.Seed.refused;
import static io.scrimplb.proxy.h1.Seed.unfinished;

import java.util.List;

/** Trailer sections by class of ambiguity; each begins behind the last chunk. */
final class TrailerSeeds {
    private TrailerSeeds() {}

    static List<Seed> all() {
        return List.of(
                accepted("none", "\r\n"),
                accepted("one line", "X-Sum: 1\r\n\r\n"),
                accepted("blanks around a value", "X-Sum:\t 1 \t\r\nY:\r\n\r\n"),
                accepted(
                        "framing fields",
                        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nX: 1\r\nTrailer: X\r\n\r\n"),
                accepted("broken framing fields", "Content-Length: x\r\nTransfer-Encoding: y\r\nX: 1\r\n\r\n"),
                accepted("routing fields", "Host: a\r\nX-Forwarded-For: 1.2.3.4\r\nX_Forwarded_Host: b\r\n\r\n"),
                accepted(
                        "fields for this hop", "Connection: X\r\nX: 1\r\nKeep-Alive: a\r\nUpgrade: b\r\nTE: c\r\n\r\n"),
                accepted("fields that authenticate", "Authorization: a\r\nCookie: b\r\nSet-Cookie: c\r\nX: 1\r\n\r\n"),
                accepted("conditions", "If-Match: a\r\nIf-None-Match: b\r\nIfx: 1\r\n\r\n"),
                accepted("fifty lines", "X: a\r\n".repeat(50) + "\r\n"),
                refused("fifty-one lines", "X: a\r\n".repeat(51) + "\r\n"),
                refused("a folded line", "X: a\r\n b\r\n\r\n"),
                refused("a space before the colon", "X : a\r\n\r\n"),
                refused("no colon", "GET / HTTP/1.1\r\n\r\n"),
                refused("a bare LF", "X: a\nY: b\r\n\r\n"),
                refused("a bare LF at the end", "X: a\r\n\n\r\n\r\n"),
                refused("a bare CR", "X: a\rY: b\r\n\r\n"),
                refused("a NUL", "X: a\0\r\n\r\n"),
                refused("a name over 127", "X\u00e9: a\r\n\r\n"),
                refused("over 8 KiB", "X: " + "a".repeat(9000) + "\r\n\r\n"),
                unfinished("no end", "X: a\r\n"));
    }
}
