package io.scrimplb.membership.jgroups;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jgroups.Message;
import org.jgroups.util.Table;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one sender that wait for those before them. JGroups' own table grows to whatever number a sender puts on
 * a message: one of 2^31 takes 8 MiB, and each thousandth number 4 KiB more, up to 8 GiB. This one refuses what is too
 * far ahead, and what is ahead when too much waits already; the sender repeats it. The next one in order is always let
 * in, so that a table that is full empties. Thread-safe, as its base class is.
 */
final class BoundedTable extends Table<Message> {
    /** How far ahead of the last message that was handed on one may be; the base class has rows of 1,024. */
    static final int WINDOW = 16 * 1024;
    /** Bytes of messages that wait; above what the transport hands over at a time, which may be one batch. */
    static final long WAITING_BYTES = 8L * 1024 * 1024;

    private static final int MESSAGE_OVERHEAD_BYTES = 256;

    private final LongAdder refused;
    private long waitingBytes;

    BoundedTable(int rows, int perRow, long offset, double growth, long compactionMillis, LongAdder refused) {
        super(rows, perRow, offset, growth, compactionMillis);
        this.refused = refused;
    }

    @Override
    protected boolean _add(long seqno, Message element, boolean resizes, @Nullable Predicate<Message> filter) {
        if (size == 0) {
            waitingBytes = 0;
        }
        long ahead = seqno - hd;
        if (ahead > 1) {
            // Messages that were handed on already are dummies here, without bytes.
            long weight = MESSAGE_OVERHEAD_BYTES + (element.hasArray() ? element.getLength() : 0);
            if (ahead > WINDOW || waitingBytes + weight > WAITING_BYTES) {
                refused.increment();
                return false;
            }
            // Also for one of a batch, whose highest number may have been refused room.
            boolean added = super._add(seqno, element, true, filter);
            if (added) {
                waitingBytes += weight;
            }
            return added;
        }
        return super._add(seqno, element, true, filter);
    }

    @Override
    protected void resize(long seqno) {
        // Batches make room for their highest number before each message is looked at.
        if (seqno - hd <= WINDOW) {
            super.resize(seqno);
        }
    }
}
