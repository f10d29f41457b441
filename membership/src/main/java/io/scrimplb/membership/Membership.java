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

    /**
     * Tells another load balancer something that no backend is to hear. It goes to that member alone, over a connection on
     * which it proved its id and its role, which is encrypted when the cluster has a secret; without a secret anybody in the
     * cluster's network can take the role of a load balancer. Returns at once. It may be lost, as when either leaves or is
     * of a version that does not know notes: whoever needs to know asks for an answer.
     *
     * @param loadBalancerId dropped when it is not that of a load balancer in the view, and for this member itself
     * @param topic of the form {@code [a-z-]{1,32}}
     * @param content at most 65,536 characters
     * @throws IllegalStateException on a backend
     */
    void tell(String loadBalancerId, String topic, String content);

    /** What was counted so far. */
    MembershipStats stats();

    /** Says goodbye to the others and closes; they know within milliseconds. Blocks for at most 2 s. Idempotent. */
    @Override
    void close();
}
