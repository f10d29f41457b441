package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.MemberAddress;
import io.scrimplb.membership.transport.NettyTransport;
import io.scrimplb.membership.transport.Peer;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.GMS.GmsHeader;
import org.jspecify.annotations.Nullable;

/**
 * What a member may say to JGroups' membership protocol, by what its connection proved. Nobody joins or leaves for
 * another. A member with a token joins, leaves and acknowledges; it names no other members, and leads nobody as long as a load balancer is there,
 * and never leads a load balancer. Thread-safe.
 *
 * <p>What is not let through looks like a lost message to JGroups: the sender repeats it, and it comes through when
 * the last load balancer is gone.
 */
final class SenderRules implements NettyTransport.Gate {
    private static final short DISCOVERY_ID = ClassConfigurator.getProtocolId(TCPPING.class);
    private static final short GMS_ID = ClassConfigurator.getProtocolId(GMS.class);

    private final Role own;
    private final Predicate<Address> suspected;
    private final LongAdder barred = new LongAdder();
    private volatile @Nullable View view;

    /**
     * @param own role of this member
     * @param suspected whether a member is suspected at the moment of the call
     */
    SenderRules(Role own, Predicate<Address> suspected) {
        this.own = own;
        this.suspected = suspected;
    }

    @Override
    public void viewChanged(View next) {
        view = next;
    }

    /** Messages that were not let through. */
    long barredMessages() {
        return barred.sum();
    }

    @Override
    public boolean lets(Peer from, Message message) {
        if (from.restricted() && !asks(message)) {
            barred.increment();
            return false;
        }
        GmsHeader header = message.getHeader(GMS_ID);
        if (header == null || allowed(from, header)) {
            return true;
        }
        barred.increment();
        return false;
    }

    private boolean allowed(Peer from, GmsHeader header) {
        return switch (header.getType()) {
            case GmsHeader.JOIN_REQ, GmsHeader.LEAVE_REQ -> from.address().equals(header.getMember());
            case GmsHeader.VIEW_ACK, GmsHeader.MERGE_RSP, GmsHeader.GET_DIGEST_RSP, GmsHeader.GET_CURRENT_VIEW -> true;
            case GmsHeader.JOIN_RSP -> !from.restricted();
            case GmsHeader.LEAVE_RSP,
                    GmsHeader.VIEW,
                    GmsHeader.MERGE_REQ,
                    GmsHeader.INSTALL_MERGE_VIEW,
                    GmsHeader.CANCEL_MERGE,
                    GmsHeader.GET_DIGEST_REQ,
                    GmsHeader.INSTALL_DIGEST -> !from.restricted() || (own == Role.BACKEND && !seesLoadBalancer());
            default -> false;
        };
    }

    /** A member with a token asks who is there, and tells nobody who is: not about itself, and not unasked. */
    private static boolean asks(Message message) {
        PingHeader discovery = message.getHeader(DISCOVERY_ID);
        if (discovery == null) {
            return true;
        }
        if (discovery.type() != PingHeader.GET_MBRS_REQ) {
            return false;
        }
        message.setArray(null, 0, 0);
        return true;
    }

    private boolean seesLoadBalancer() {
        View now = view;
        if (now == null) {
            return false;
        }
        for (Address member : now.getMembersRaw()) {
            if (MemberAddress.isLoadBalancer(member) && !suspected.test(member)) {
                return true;
            }
        }
        return false;
    }
}
