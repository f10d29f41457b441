package io.scrimplb.proxy.h1;

/** Fuzz target: the bytes of one chunked body. */
public final class ChunkedFuzz {
    private static final ChunkedOracle ORACLE = new ChunkedOracle();

    private ChunkedFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        ORACLE.check(input);
    }
}
