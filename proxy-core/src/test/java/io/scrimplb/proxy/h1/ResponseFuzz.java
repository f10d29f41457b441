package io.scrimplb.proxy.h1;

/** Fuzz target: the bytes of one response, with the interim ones before it. */
public final class ResponseFuzz {
    private static final ResponseOracle ORACLE = new ResponseOracle();

    private ResponseFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        ORACLE.check(input);
    }
}
