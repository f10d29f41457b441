package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.transport.MemberAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jgroups.Address;

/**
 * Who says to whom that it lives, and hears it from whom. Members speak to the heads of the cluster, and heads answer.
 * The heads are the load balancers, as long as one is believed to live: it leads the cluster and acts for the others, and
 * a backend has no use for another. When the last one is suspected, the first backend of the view that is not suspected
 * is a head, too, since it leads then.
 *
 * <p>All pairs would cost every member as much as this costs a head: at 100 members 99 connections, each with its
 * buffers and its TLS, a newcomer 99 handshakes, instead of two or three; and the loss of the load balancers 4,950
 * handshakes at once, from which a busy machine does not recover.
 */
final class HeartbeatPartners {
    private HeartbeatPartners() {}

    /**
     * To whom a member speaks on its own clock. Heads that are suspected still count, so that they are heard again.
     *
     * @param members in the order of the view
     * @param suspected whether a member is
     * @return without itself
     */
    static List<Address> heads(Address self, Collection<Address> members, Predicate<Address> suspected) {
        List<Address> heads = allHeads(members, suspected);
        heads.remove(self);
        return heads;
    }

    /**
     * From whom a member has to hear: a head from everybody, and others from the heads.
     *
     * @return without itself
     */
    static List<Address> watched(Address self, Collection<Address> members, Predicate<Address> suspected) {
        List<Address> heads = allHeads(members, suspected);
        if (!heads.remove(self)) {
            return heads;
        }
        List<Address> others = new ArrayList<>(members);
        others.remove(self);
        return others;
    }

    private static List<Address> allHeads(Collection<Address> members, Predicate<Address> suspected) {
        List<Address> heads = new ArrayList<>();
        boolean led = false;
        for (Address member : members) {
            if (MemberAddress.isLoadBalancer(member)) {
                heads.add(member);
                led |= !suspected.test(member);
            }
        }
        for (Address member : members) {
            if (led) {
                break;
            }
            if (!MemberAddress.isLoadBalancer(member)) {
                heads.add(member);
                led = !suspected.test(member);
            }
        }
        return heads;
    }
}
