package io.scrimplb.proxy.transport;

/**
 * How long something has stood still that may be slow as long as it moves. Times are {@link System#nanoTime()}; not thread-safe.
 */
public final class StallWatch {
    private long mark;
    private long sinceNanos;

    /** It moved, or begins. */
    public void restart(long nowNanos) {
        sinceNanos = nowNanos;
    }

    /**
     * Looks at it.
     *
     * @param seen other than at the last look when it has moved since, such as {@link LingeringClose#pendingMark}
     * @return nanoseconds since it moved
     */
    public long still(long seen, long nowNanos) {
        if (seen != mark) {
            mark = seen;
            sinceNanos = nowNanos;
        }
        return nowNanos - sinceNanos;
    }
}
