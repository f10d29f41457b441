package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.transport.MemberAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.pbcast.DeltaView;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.JoinRsp;
import org.jgroups.util.Digest;
import org.jgroups.util.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * JGroups' membership protocol, which takes no view from another that it could not get rid of again. A view's number
 * only ever grows, so one with the greatest of all would be the last; one with a member twice, or with nobody in a
 * place, leaves the protocols half changed; and each member of a view costs memory and connections. What other members
 * were heard to have sent (a digest) decides what of theirs is taken for old, so what this one knows better is not
 * overruled.
 */
final class BoundedViews extends GMS {
    /** Most members of a cluster. */
    static final int MAX_MEMBERS = 2_000;
    /** By how much a view's number may be above that of the view before; partitions count apart. */
    static final long MAX_STEP = 1_000_000;
    /** Greatest number of a first view: far above what changes of views make, and as far below the end of numbers. */
    private static final long MAX_FIRST = 1L << 48;

    private final LongAdder refused = new LongAdder();

    private final ViewRules rules;

    BoundedViews(ViewRules rules) {
        this.rules = rules;
        setId(ClassConfigurator.getProtocolId(GMS.class));
    }

    /** Messages that were refused. */
    long refusedMessages() {
        return refused.sum();
    }

    @Override
    protected @Nullable Object handle(GmsHeader header, Message message) {
        if (!acceptable(header, message)) {
            refused.increment();
            return null;
        }
        return super.handle(header, message);
    }

    private boolean acceptable(GmsHeader header, Message message) {
        switch (header.getType()) {
            case GmsHeader.JOIN_REQ, GmsHeader.LEAVE_REQ:
                // The connection knows the member's name, role and place; only it is spread.
                header.mbr(message.getSrc());
                View now = view;
                return header.getType() == GmsHeader.LEAVE_REQ
                        || now == null
                        || (now.size() < MAX_MEMBERS && rules.hasRoom(message.getSrc(), now));
            case GmsHeader.JOIN_RSP:
                return message.hasArray() && joins(message);
            case GmsHeader.VIEW:
                return message.hasArray() && carriesView(message, false);
            case GmsHeader.INSTALL_MERGE_VIEW, GmsHeader.MERGE_RSP:
                // Without an id it would pass for the merge that is not going on.
                return header.getMergeId() != null
                        && (header.isMergeRejected() || (message.hasArray() && carriesView(message, true)));
            case GmsHeader.MERGE_REQ, GmsHeader.CANCEL_MERGE, GmsHeader.GET_DIGEST_REQ:
                return header.getMergeId() != null;
            case GmsHeader.GET_DIGEST_RSP:
                return message.hasArray() && carriesDigest(message);
            case GmsHeader.LEAVE_RSP, GmsHeader.VIEW_ACK, GmsHeader.GET_CURRENT_VIEW:
                return true;
            default:
                // JGroups has more, for its diagnosis and for state transfer; nobody here sends them.
                return false;
        }
    }

    private boolean joins(Message message) {
        JoinRsp answer = readJoinRsp(message.getArray(), message.getOffset(), message.getLength());
        if (answer == null) {
            return false;
        }
        View next = answer.getView();
        return (answer.getFailReason() != null && next == null)
                || (next != null && possible(next, false) && known(answer.getDigest(), next));
    }

    private boolean carriesView(Message message, boolean whole) {
        Tuple<View, Digest> read = readViewAndDigest(message.getArray(), message.getOffset(), message.getLength());
        if (read == null || read.val1() == null) {
            return false;
        }
        View next = read.val1();
        boolean restricted = !message.getSrc().equals(local_addr) && rules.restricted(message.getSrc());
        if (restricted && !whole && !rules.near(next.getViewId().getId(), view)) {
            return false;
        }
        if (next instanceof DeltaView delta) {
            return !whole
                    && (!restricted || rules.plausible(delta.getNewMembers(), view))
                    && read.val2() == null
                    && numbered(next.getViewId())
                    && distinct(delta.getNewMembers())
                    && distinct(delta.getLeftMembers());
        }
        return possible(next, whole)
                && (!restricted || rules.plausible(next.getMembersRaw(), view))
                && known(read.val2(), next);
    }

    private boolean carriesDigest(Message message) {
        Tuple<View, Digest> read = readViewAndDigest(message.getArray(), message.getOffset(), message.getLength());
        if (read == null || read.val2() == null || read.val1() != null) {
            return false;
        }
        // Each tells about itself.
        return read.val2().capacity() == 1
                && message.getSrc().equals(read.val2().getMembersRaw()[0])
                && consistent(read.val2());
    }

    /**
     * @param merges whether it is of a partition that may have counted apart for long
     */
    private boolean possible(View next, boolean merges) {
        Address[] members = next.getMembersRaw();
        return (merges
                        ? next.getViewId().getCreator() != null
                                && next.getViewId().getId() <= MAX_FIRST
                        : numbered(next.getViewId()))
                && members != null
                && members.length > 0
                && distinct(members);
    }

    private boolean numbered(ViewId next) {
        View now = view;
        long greatest = now == null ? MAX_FIRST : now.getViewId().getId() + MAX_STEP;
        return next.getCreator() != null && next.getId() >= 0 && next.getId() <= greatest;
    }

    private static boolean distinct(Address @Nullable [] members) {
        if (members == null) {
            return true;
        }
        if (members.length > MAX_MEMBERS) {
            return false;
        }
        Set<Address> seen = new HashSet<>();
        for (Address member : members) {
            if (member == null || MemberAddress.decode(member).isEmpty() || !seen.add(member)) {
                return false;
            }
        }
        return true;
    }

    private boolean known(@Nullable Digest digest, View next) {
        if (digest == null) {
            return true;
        }
        if (digest.getMembersRaw() == null
                || digest.capacity() > next.size()
                || !new HashSet<>(next.getMembers()).containsAll(List.of(digest.getMembersRaw()))) {
            return false;
        }
        return consistent(digest);
    }

    /** Whether all numbers are there, and none is beyond what is known of those who are in the view now. */
    private boolean consistent(Digest digest) {
        Digest mine = view == null ? null : getDigest();
        try {
            for (Digest.Entry entry : digest) {
                long[] heard = mine == null ? null : mine.get(entry.member());
                if (entry.hd() < 0
                        || entry.hr() < entry.hd()
                        || entry.hr() > MAX_FIRST
                        || heard != null && entry.hd() > heard[1] + BoundedTable.WINDOW) {
                    return false;
                }
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            // Fewer numbers than members.
            return false;
        }
        return true;
    }
}
