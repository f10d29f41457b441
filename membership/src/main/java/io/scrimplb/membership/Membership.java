package io.scrimplb.membership;

/** This process's place in the cluster. Thread-safe. */
public interface Membership extends AutoCloseable {
    /** Who is there now. */
    ClusterView view();

    /** What this member offers from now on; told to the load balancers unasked when it differs. Backends only. */
    void announce(Announcement announcement);

    /** Says goodbye to the others and closes; they know within milliseconds. Blocks for at most 2 s. Idempotent. */
    @Override
    void close();
}
