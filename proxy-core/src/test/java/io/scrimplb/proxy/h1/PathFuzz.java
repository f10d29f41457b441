package io.scrimplb.proxy.h1;

/** Fuzz target: the path of a request target. */
public final class PathFuzz {
    private static final PathOracle ORACLE = new PathOracle();

    private PathFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        ORACLE.check(input);
    }
}
