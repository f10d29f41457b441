package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.transport.MemberAddress;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jgroups.Address;

/**
 * Who says to whom that it lives, and hears it from whom. Load balancers and everybody, and no two backends, as long as
 * a load balancer is believed to live: it leads the cluster and acts for the others, and a backend has no use for
 * another. When the last load balancer is suspected, all backends and everybody, so that the first of them, which leads
 * then, sees the rest.
 *
 * <p>All pairs would cost every member as much as this costs a load balancer: at 100 members 99 connections, each
 * with its buffers and its TLS, a newcomer 99 handshakes, instead of two or three.
 */
final class HeartbeatPartners {
    private HeartbeatPartners() {}

    /**
     * @param suspected whether a member is
     * @return without itself
     */
    static List<Address> of(Address self, Collection<Address> members, Predicate<Address> suspected) {
        boolean all = MemberAddress.isLoadBalancer(self)
                || members.stream().noneMatch(m -> MemberAddress.isLoadBalancer(m) && !suspected.test(m));
        return members.stream()
                .filter(member -> !member.equals(self) && (all || MemberAddress.isLoadBalancer(member)))
                .toList();
    }

    /**
     * Whether a member answers another's heartbeats instead of sending its own at its own times. The answer carries
     * TCP's acknowledgement of what it answers, so that a load balancer pays for three packets a heartbeat and backend
     * instead of four, and it wakes up for its backends only when they speak.
     */
    static boolean answers(Address self, Address other) {
        return MemberAddress.isLoadBalancer(self) && !MemberAddress.isLoadBalancer(other);
    }
}
