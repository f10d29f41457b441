package io.scrimplb.membership.jgroups;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.UnicastHeader3;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.Table;
import org.jspecify.annotations.Nullable;

/**
 * JGroups' reliable unicast, with an end to what one member can make this one keep.
 *
 * <ul>
 *   <li>What arrives out of order, and the numbers on it: see {@link BoundedTable}.
 *   <li>What arrives before a connection's first message, which JGroups keeps however much it is.
 *   <li>What is sent and never acknowledged: whoever asks again and again, and acknowledges nothing, would make it grow
 *       by an answer each time. Nothing more is sent to him beyond a limit; what matters is asked for again.
 * </ul>
 */
final class BoundedUnicast extends UNICAST3 {
    /** Messages to one member that it has not acknowledged: in number, */
    static final int UNACKNOWLEDGED = 4 * 1024;
    /** and bytes: four of the largest; */
    static final long UNACKNOWLEDGED_BYTES = 4L * 1024 * 1024;
    /** and to all members together, bytes. */
    static final long ALL_UNACKNOWLEDGED_BYTES = 32L * 1024 * 1024;
    /** Bytes of one sender's messages that came before its first. */
    static final long EARLY_BYTES = 256L * 1024;

    private static final int MESSAGE_OVERHEAD_BYTES = 256;

    private final LongAdder refused = new LongAdder();
    private final LongAdder unsent = new LongAdder();
    /** Bytes to a member since all was acknowledged last. */
    private final ConcurrentMap<Address, Long> sent = new ConcurrentHashMap<>();

    private final AtomicLong total = new AtomicLong();
    private final ConcurrentMap<Address, Long> early = new ConcurrentHashMap<>();

    BoundedUnicast() {
        setId(ClassConfigurator.getProtocolId(UNICAST3.class));
    }

    /** Messages that were refused. */
    long refusedMessages() {
        return refused.sum();
    }

    /** Messages that were not sent since their receiver acknowledges nothing. */
    long unsentMessages() {
        return unsent.sum();
    }

    @Override
    protected Table<Message> createTable(long first) {
        return new BoundedTable(
                xmit_table_num_rows,
                xmit_table_msgs_per_row,
                first - 1,
                xmit_table_resize_factor,
                xmit_table_max_compaction_time,
                refused);
    }

    @Override
    protected void handleDataReceived(Address sender, long seqno, short connection, boolean first, Message message) {
        // Asks for the first message when there is no connection, as the base class does, which is at most so often.
        if (getReceiverEntry(sender, seqno, first, connection, message.dest()) != null) {
            early.remove(sender);
        } else if (!entersEarly(sender, message)) {
            return;
        }
        super.handleDataReceived(sender, seqno, connection, first, message);
    }

    @Override
    public void up(MessageBatch batch) {
        Address sender = batch.sender();
        if (sender != null && !recv_table.containsKey(sender)) {
            batch.removeIf(
                    message -> {
                        UnicastHeader3 header = message.getHeader(id);
                        return header != null
                                && header.type() == UnicastHeader3.DATA
                                && !header.first()
                                && !entersEarly(sender, message);
                    },
                    true);
        }
        super.up(batch);
    }

    private boolean entersEarly(Address sender, Message message) {
        long weight = weight(message);
        boolean[] entered = {false};
        early.compute(sender, (address, before) -> {
            long after = (before == null ? 0 : before) + weight;
            entered[0] = after <= EARLY_BYTES;
            return entered[0] ? Long.valueOf(after) : before;
        });
        if (!entered[0]) {
            refused.increment();
        }
        return entered[0];
    }

    @Override
    public @Nullable Object down(Message message) {
        Address to = message.getDest();
        if (to != null
                && !message.isFlagSet(Message.Flag.NO_RELIABILITY)
                && !to.equals(local_addr)
                && !leaves(to, weight(message))) {
            unsent.increment();
            return null;
        }
        return super.down(message);
    }

    private boolean leaves(Address to, long weight) {
        boolean settled = settled(to);
        if (!settled && total.get() + weight > ALL_UNACKNOWLEDGED_BYTES) {
            // Of most members nothing was asked since they acknowledged the last.
            sent.keySet().forEach(this::forgetSettled);
            if (total.get() + weight > ALL_UNACKNOWLEDGED_BYTES) {
                return false;
            }
        }
        Table<Message> window = getSendWindow(to);
        boolean room = settled
                || window == null
                || window.getHighestReceived() - window.getHighestDelivered() < UNACKNOWLEDGED;
        boolean[] leaves = {false};
        sent.compute(to, (address, before) -> {
            long held = before == null ? 0 : before;
            long after = (settled ? 0 : held) + weight;
            leaves[0] = settled || room && after <= UNACKNOWLEDGED_BYTES;
            if (!leaves[0]) {
                return before;
            }
            total.addAndGet(after - held);
            return after;
        });
        return leaves[0];
    }

    private boolean settled(Address member) {
        Table<Message> window = getSendWindow(member);
        return window == null || window.getHighestReceived() == window.getHighestDelivered();
    }

    private void forgetSettled(Address member) {
        if (settled(member)) {
            forgetSent(member);
        }
    }

    private void forgetSent(Address member) {
        sent.computeIfPresent(member, (address, held) -> {
            total.addAndGet(-held);
            return null;
        });
    }

    @Override
    public void removeSendConnection(Address member) {
        super.removeSendConnection(member);
        forgetSent(member);
    }

    @Override
    public void removeReceiveConnection(Address member) {
        super.removeReceiveConnection(member);
        msg_cache.drain(member);
        early.remove(member);
        cached_batches.remove(member);
        last_sync_sent.remove(member);
    }

    private static long weight(Message message) {
        return MESSAGE_OVERHEAD_BYTES + (message.hasArray() ? message.getLength() : 0L);
    }
}
