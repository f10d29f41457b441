package io.scrimplb.proxy.h1;

/** Fuzz target: the bytes of one request, head and body. */
public final class RequestFuzz {
    private static final RequestOracle ORACLE = new RequestOracle();

    private RequestFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        ORACLE.check(input);
    }
}
