package io.scrimplb.membership;

/** This process's place in the cluster. Thread-safe. */
public interface Membership extends AutoCloseable {
    /** Who is there now. */
    ClusterView view();

    /** Whether this member has entered a cluster, found or founded; it never goes back. */
    boolean joined();

    /**
     * Runs a task once this member has entered a cluster: at once when it has, else on a thread of the membership, on
     * which it must not block for long.
     */
    void whenJoined(Runnable task);

    /**
     * What this member offers from now on; told to the load balancers unasked when it differs. When it differs and its
     * revision is that of the last one, the next revision is used instead; one with a revision below that of the last
     * one was overtaken by it and is ignored. Returns at once; applications that break
     * the rules of {@link Application} are left out and reported through {@link MembershipEvents#troubled}.
     *
     * @throws IllegalStateException on a load balancer
     */
    void announce(Announcement announcement);

    /** What was counted so far. */
    MembershipStats stats();

    /** Says goodbye to the others and closes; they know within milliseconds. Blocks for at most 2 s. Idempotent. */
    @Override
    void close();
}
