package io.scrimplb.proxy.spec;

/**
 * Bounds on what a stranger can make the proxy hold.
 *
 * @param headerBytes size of a request or response head in bytes, 1024 to 262144; over it 431
 * @param headerCount number of header lines, 1 to 1000; over it 431
 * @param connections client connections over all listeners, at least 1; a further one is closed at once
 */
public record LimitSpec(int headerBytes, int headerCount, int connections) {
    /** 32 KiB, 100 and 20,000. */
    public static LimitSpec defaults() {
        return new LimitSpec(32 * 1024, 100, 20_000);
    }
}
