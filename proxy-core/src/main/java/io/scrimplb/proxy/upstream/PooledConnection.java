package io.scrimplb.proxy.upstream;

/** A connection to an endpoint that can wait in a pool. Touched only on its event loop. */
public interface PooledConnection {
    /** Whether a request may be sent on it: open, and nothing unexpected came. */
    boolean usable();

    void close();

    /** Since when it waits, in {@link System#nanoTime()}; kept for the pool. */
    long idleSinceNanos();

    void idleSinceNanos(long nanos);
}
