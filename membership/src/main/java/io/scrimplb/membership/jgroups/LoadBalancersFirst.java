package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.transport.MemberAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.protocols.pbcast.GMS.DefaultMembershipPolicy;

/** Orders every view so that a load balancer leads it as long as there is one; otherwise as JGroups does. */
final class LoadBalancersFirst extends DefaultMembershipPolicy {
    private static final Comparator<Address> ORDER =
            Comparator.comparing(address -> MemberAddress.isLoadBalancer(address) ? 0 : 1);

    @Override
    public List<Address> getNewMembership(
            Collection<Address> current,
            Collection<Address> joiners,
            Collection<Address> leavers,
            Collection<Address> suspects) {
        return ordered(super.getNewMembership(current, joiners, leavers, suspects));
    }

    @Override
    public List<Address> getNewMembership(Collection<Collection<Address>> subviews) {
        return ordered(super.getNewMembership(subviews));
    }

    private static List<Address> ordered(List<Address> members) {
        List<Address> ordered = new ArrayList<>(members);
        // Stable: seniority stays within each kind.
        ordered.sort(ORDER);
        return ordered;
    }
}
