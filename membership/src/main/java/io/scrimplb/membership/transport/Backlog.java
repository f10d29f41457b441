package io.scrimplb.membership.transport;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Bytes that arrived and wait for one of JGroups' threads, whose own queues have no end: bounded for each sender, so
 * that one cannot fill the room, and for all together. What finds no room is dropped, and JGroups asks for it again.
 * Thread-safe.
 *
 * <p>JGroups leaves what a sender said before where it is when it has no thread for it, until that sender says
 * something more; so one message is let in whatever waits when nothing has moved for a while.
 */
final class Backlog {
    /** Of one sender, bytes. */
    static final long SENDER_BYTES = 4L * 1024 * 1024;
    /** Of all senders, bytes. */
    static final long TOTAL_BYTES = 32L * 1024 * 1024;
    /** What a message weighs beyond its bytes. */
    static final int MESSAGE_OVERHEAD_BYTES = 256;

    private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Urgent messages of one sender at a time, each of which takes a thread of JGroups'. */
    private static final int URGENT = 4;

    /** What waits of one sender; immutable. */
    private record Waiting(long bytes, long movedNanos) {}

    private final LongSupplier nanos;
    private final AtomicLong total = new AtomicLong();
    private final ConcurrentMap<UUID, Waiting> bySender = new ConcurrentHashMap<>();
    private final ConcurrentMap<UUID, Integer> urgent = new ConcurrentHashMap<>();

    /**
     * @param nanos a clock like {@link System#nanoTime}
     */
    Backlog(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether there is room for a message; if so, it is taken until {@link #leave}. */
    boolean enter(UUID sender, int bytes) {
        long weight = (long) bytes + MESSAGE_OVERHEAD_BYTES;
        long now = nanos.getAsLong();
        boolean[] entered = {false};
        bySender.compute(sender, (id, waiting) -> {
            if (waiting == null) {
                entered[0] = total.get() + weight <= TOTAL_BYTES;
                return entered[0] ? new Waiting(weight, now) : null;
            }
            boolean room = waiting.bytes() + weight <= SENDER_BYTES && total.get() + weight <= TOTAL_BYTES;
            boolean stuck = now - waiting.movedNanos() > STUCK_NANOS;
            entered[0] = room || stuck;
            return entered[0] ? new Waiting(waiting.bytes() + weight, room ? waiting.movedNanos() : now) : waiting;
        });
        if (entered[0]) {
            total.addAndGet(weight);
        }
        return entered[0];
    }

    /** A message is done with. */
    void leave(UUID sender, int bytes) {
        long weight = (long) bytes + MESSAGE_OVERHEAD_BYTES;
        long now = nanos.getAsLong();
        bySender.computeIfPresent(sender, (id, waiting) -> {
            total.addAndGet(-Math.min(weight, waiting.bytes()));
            return waiting.bytes() <= weight ? null : new Waiting(waiting.bytes() - weight, now);
        });
    }

    /**
     * Whether a thread of its own may be taken for a message; if so, it is until {@link #leaveUrgent}. Otherwise it has to
     * take its turn after the sender's others.
     */
    boolean enterUrgent(UUID sender) {
        boolean[] entered = {false};
        urgent.compute(sender, (id, count) -> {
            entered[0] = count == null || count < URGENT;
            return entered[0] ? Integer.valueOf(count == null ? 1 : count + 1) : count;
        });
        return entered[0];
    }

    void leaveUrgent(UUID sender) {
        urgent.computeIfPresent(sender, (id, count) -> count > 1 ? Integer.valueOf(count - 1) : null);
    }

    /** The sender is gone, and what it said with it. */
    void forget(UUID sender) {
        bySender.computeIfPresent(sender, (id, waiting) -> {
            total.addAndGet(-waiting.bytes());
            return null;
        });
    }

    long total() {
        return total.get();
    }
}
