package io.scrimplb.membership;

/**
 * What happens in the cluster. Called one at a time on a thread of the membership, in the order in which it happened;
 * an implementation hands over to its own mailbox and returns at once.
 */
public interface MembershipEvents {
    /** The view changed: somebody joined, left, is suspected or no longer suspected, or partitions merged. */
    void viewChanged(ClusterView view);

    /**
     * A member in the current view said what it offers, by itself, when asked, or through another load balancer that
     * knew. Comes again for every change of either.
     *
     * @param claims what it may offer by its certificate; the announcement is as the member sent it, whether or not it
     *     keeps to them
     */
    void announced(Member member, Announcement announcement, Claims claims);

    /**
     * Another load balancer told this one something; see {@link Membership#tell}.
     *
     * @param from in the current view, a load balancer by what its connection proved
     */
    default void noted(Member from, String topic, String content) {}

    /** Something the operator should see on the status page; one line, told once per change of state. */
    default void troubled(String message) {}
}
