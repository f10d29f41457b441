package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.scrimplb.proxy.h1.H1UnderTest.Verdict;
import java.io.ByteArrayOutputStream;

/** Fuzz target: the trailer lines of a chunked body. */
public final class TrailerFuzz {
    private static final byte[] CHUNKS = "1\r\nx\r\n0\r\n".getBytes(US_ASCII);
    private static final ChunkedOracle ORACLE = new ChunkedOracle();

    private TrailerFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        check(input);
    }

    static Verdict check(byte[] input) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(CHUNKS);
        body.writeBytes(input);
        return ORACLE.check(body.toByteArray());
    }
}
