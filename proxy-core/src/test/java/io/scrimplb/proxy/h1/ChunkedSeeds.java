package io.scrimplb.proxy.h1;

import static io.scrimplb.proxy.h1.Seed.accepted;
import static io.scrimplb.proxy.h1.Seed.refused;
import static io.scrimplb.proxy.h1.Seed.unfinished;

import java.util.List;

/** Chunked bodies by class of ambiguity. */
final class ChunkedSeeds {
    private static final String END = "\r\nabc\r\n0\r\n\r\n";

    private ChunkedSeeds() {}

    static List<Seed> all() {
        return List.of(
                accepted("one chunk", "3" + END),
                accepted("several chunks", "1\r\na\r\nA\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n"),
                accepted("nothing", "0\r\n\r\n"),
                accepted("leading zeros", "0003\r\nabc\r\n000\r\n\r\n"),
                accepted("bytes behind it", "3" + END + "GET / HTTP/1.1\r\n"),
                accepted("a trailer", "3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"),
                accepted("an extension", "3;a=b" + END),
                accepted("an extension with a quoted string", "3;a=\"b\\\";c\"" + END),
                accepted("an extension on the last chunk", "3\r\nabc\r\n0;x\r\n\r\n"),
                accepted("the longest extension", "3;" + "a".repeat(256) + END),
                refused("an extension that is too long", "3;" + "a".repeat(257) + END),
                refused("an extension with a bare LF", "3;a\nabc\r\n0\r\n\r\n"),
                refused("an extension with a bare CR", "3;a\rb" + END),
                refused("an extension with a NUL", "3;a\0" + END),
                refused("a bare LF behind the size", "3\nabc\r\n0\r\n\r\n"),
                refused("a bare CR behind the size", "3\rabc\r\n0\r\n\r\n"),
                refused("a bare LF behind the data", "3\r\nabc\n0\r\n\r\n"),
                refused("no line end behind the data", "3\r\nabc0\r\n\r\n"),
                refused("two line ends behind the data", "3\r\nabc\r\n\r\n0\r\n\r\n"),
                refused("a bare LF at the end", "3\r\nabc\r\n0\r\n\n\r\n\r\n"),
                refused("a bare LF behind the last chunk", "3\r\nabc\r\n0\n\r\n"),
                refused("no size", END),
                refused("a space before the size", " 3" + END),
                refused("a space behind the size", "3 " + END),
                refused("a tab behind the size", "3\t" + END),
                refused("a space before the semicolon", "3 ;a" + END),
                refused("a sign", "+3" + END),
                refused("below nothing", "-3" + END),
                refused("0x3", "0x3" + END),
                refused("an underscore", "0_3" + END),
                refused("a digit over 127", "\u00b3" + END),
                refused("a digit of full width in UTF-8", "\u00ef\u00bc\u0093" + END),
                refused("2^64 and three", "10000000000000003" + END),
                refused("three, padded beyond 15 digits", "0000000000000003" + END),
                refused("2^32 and three, padded beyond 15 digits", "0000000100000003" + END),
                unfinished("15 digits", "fffffffffffffff\r\nabc"),
                unfinished("cut in the data", "3\r\nab"),
                unfinished("cut before the end", "3\r\nabc\r\n0\r\n"));
    }
}
