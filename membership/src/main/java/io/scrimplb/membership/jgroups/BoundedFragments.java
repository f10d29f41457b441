package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.wire.WireLimits;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FRAG2;
import org.jgroups.protocols.FragHeader;
import org.jspecify.annotations.Nullable;

/**
 * JGroups' fragmentation, put together only for members, and only up to the size of a message of ours. A member can
 * make us keep {@value #MAX_INCOMPLETE} messages of {@value #MAX_FRAGMENTS} pieces of {@value #FRAGMENT_BYTES} bytes.
 */
final class BoundedFragments extends FRAG2 {
    /** Bytes of a message that travel in one piece; under the bundler's 64,000. */
    static final int FRAGMENT_BYTES = 60_000;
    /** Pieces of the largest message, and one to spare. */
    private static final int MAX_FRAGMENTS = WireLimits.MESSAGE_BYTES / FRAGMENT_BYTES + 2;
    /** Messages of one sender that may be incomplete at a time. */
    private static final int MAX_INCOMPLETE = 8;

    private final LongAdder refused = new LongAdder();
    private volatile View view = new View();

    BoundedFragments() {
        setId(ClassConfigurator.getProtocolId(FRAG2.class));
        setFragSize(FRAGMENT_BYTES);
    }

    /** Fragments that were refused. */
    long refusedFragments() {
        return refused.sum();
    }

    @Override
    protected void handleViewChange(View next) {
        view = next;
        super.handleViewChange(next);
    }

    @Override
    protected @Nullable Message unfragment(Message msg, FragHeader header) {
        Address sender = msg.getSrc();
        if (!acceptable(msg, header)) {
            refused.increment();
            return null;
        }
        Map<Long, FragEntry> incomplete = fragment_list.get(sender);
        if (incomplete != null && incomplete.size() >= MAX_INCOMPLETE && !incomplete.containsKey(header.id)) {
            // Transmission is reliable and in order: what is incomplete for so long never gets complete, such as a
            // message whose beginning came before we knew the member.
            refused.increment();
            clearFragmentsFor(sender);
        }
        return super.unfragment(msg, header);
    }

    private boolean acceptable(Message msg, FragHeader header) {
        return header.num_frags > 0
                && header.num_frags <= MAX_FRAGMENTS
                && header.frag_id >= 0
                && header.frag_id < header.num_frags
                // Ours are bytes already; put together, others would be parsed as a message of any type.
                && !header.needs_deserialization
                && msg.getLength() <= FRAGMENT_BYTES
                && view.containsMember(msg.getSrc());
    }
}
