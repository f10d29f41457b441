package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.transport.MemberAddress;
import io.scrimplb.membership.transport.Peer;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jgroups.Address;
import org.jgroups.View;
import org.jspecify.annotations.Nullable;

/**
 * What is believed of a view that a member with a token made: it names no load balancer, and nobody whom this member
 * does not know by itself, from its own view or from an open connection, on which the other proved who it is. So nobody
 * is invented. Thread-safe.
 */
final class ViewRules {
    /** Members that came in with tokens, of one cluster: the rest of the room is for those with the secret. */
    static final int MAX_RESTRICTED = 500;
    /** By how much the number of such a view may be above that of the one before: there are no load balancers then. */
    private static final long MAX_RESTRICTED_STEP = 1_000;

    private final Function<UUID, @Nullable Peer> peers;

    /**
     * @param peers who is at the other end of the open connection with a member; null when there is none
     */
    ViewRules(Function<UUID, @Nullable Peer> peers) {
        this.peers = peers;
    }

    /** Whether a member is not trusted with more than its token grants; so is one without a connection now. */
    boolean restricted(Address member) {
        Peer peer = peer(member);
        return peer == null || peer.restricted();
    }

    /** Whether members that such a member names may be who it says. */
    boolean plausible(Address @Nullable [] members, @Nullable View own) {
        if (members == null) {
            return true;
        }
        for (Address member : members) {
            if (member == null
                    || MemberAddress.isLoadBalancer(member)
                    || (peer(member) == null && (own == null || !own.containsMember(member)))) {
                return false;
            }
        }
        return true;
    }

    /** Backends of a view of whom this member knows nothing by itself. */
    List<Address> unproved(View told, @Nullable View own) {
        return told.getMembers().stream()
                .filter(member -> !MemberAddress.isLoadBalancer(member)
                        && peer(member) == null
                        && (own == null || !own.containsMember(member)))
                .toList();
    }

    /** Whether the number of a view that such a member made is one that it can have come to. */
    boolean near(long number, @Nullable View own) {
        return own == null || number <= own.getViewId().getId() + MAX_RESTRICTED_STEP;
    }

    /** Whether there is room for one more member of that kind. */
    boolean hasRoom(Address joiner, @Nullable View own) {
        if (own == null || !restricted(joiner)) {
            return true;
        }
        int count = 0;
        for (Address member : own.getMembersRaw()) {
            Peer peer = peer(member);
            count += peer != null && peer.restricted() ? 1 : 0;
        }
        return count < MAX_RESTRICTED;
    }

    private @Nullable Peer peer(Address member) {
        return member instanceof org.jgroups.util.UUID id
                ? peers.apply(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()))
                : null;
    }
}
