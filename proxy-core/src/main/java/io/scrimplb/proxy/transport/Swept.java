package io.scrimplb.proxy.transport;

/**
 * Something on an event loop that watches its own deadlines when the loop sweeps over it, a few times a second. One sweep a
 * loop costs less than a timer a request, and a proxy's timeouts do not need to be sharper.
 */
public interface Swept {
    /** The value of {@link #sweepIndex()} while it is in no sweep; implementations start with it. */
    int NOT_SWEPT = -1;

    /** Looks at the time. May close itself and so leave the sweep. */
    void sweep(long nowNanos);

    /** The proxy stops or the object's listener went: end as soon as nothing is in flight. */
    void drain();

    /** The loops end: close now, whatever is in flight. */
    void abort();

    /** Where the loop keeps it; kept for the loop, which alone reads and writes it. */
    int sweepIndex();

    void sweepIndex(int index);
}
