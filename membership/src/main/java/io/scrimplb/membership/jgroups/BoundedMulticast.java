package io.scrimplb.membership.jgroups;

import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.Address;
import org.jgroups.Header;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.protocols.pbcast.STABLE.StableHeader;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.Table;
import org.jspecify.annotations.Nullable;

/**
 * JGroups' reliable multicast, which believes no number further than there is room for (see {@link BoundedTable}), and
 * the word that everybody has everything, upon which it forgets what it sent, only from the coordinator, whose word it
 * is.
 */
final class BoundedMulticast extends NAKACK2 {
    private static final short STABLE_ID = ClassConfigurator.getProtocolId(STABLE.class);
    private static final int HEADER_BYTES = 128;

    private final LongAdder refused = new LongAdder();

    BoundedMulticast() {
        setId(ClassConfigurator.getProtocolId(NAKACK2.class));
    }

    /** Messages that were refused. */
    long refusedMessages() {
        return refused.sum();
    }

    @Override
    protected Table<Message> createTable(long offset) {
        return new BoundedTable(
                xmit_table_num_rows,
                xmit_table_msgs_per_row,
                offset,
                xmit_table_resize_factor,
                xmit_table_max_compaction_time,
                refused);
    }

    @Override
    public @Nullable Object up(Message message) {
        return forgetsForAnother(message) ? null : super.up(message);
    }

    @Override
    public void up(MessageBatch batch) {
        batch.removeIf(this::forgetsForAnother, true);
        super.up(batch);
    }

    private boolean forgetsForAnother(Message message) {
        Header header = message.getHeader(STABLE_ID);
        View now = view;
        if (header == null || now == null || type(header) != StableHeader.STABILITY) {
            return false;
        }
        Address coordinator = now.getCoord();
        if (message.getSrc() == null || message.getSrc().equals(coordinator)) {
            return false;
        }
        refused.increment();
        return true;
    }

    /** Stands first when it is written, and nowhere else for others to see. */
    private static byte type(Header header) {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(HEADER_BYTES);
        try {
            header.writeTo(out);
        } catch (IOException e) {
            throw new IllegalStateException("a header that was read cannot be written", e);
        }
        return out.buffer()[0];
    }
}
