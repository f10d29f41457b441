package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.wire.WireLimits;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** Room for messages that wait to be read: for all together, and less for each, so that one cannot fill it. Thread-safe. */
final class WaitingRoom {
    /** What a waiting message weighs beyond its bytes. */
    private static final int MESSAGE_OVERHEAD_BYTES = 256;
    /** Of one sender, bytes: two of the largest messages, 2 MiB. */
    static final long SENDER_BYTES = 2L * (WireLimits.MESSAGE_BYTES + MESSAGE_OVERHEAD_BYTES);
    /** Of all senders, bytes: four that take all they may, 8 MiB. */
    static final long TOTAL_BYTES = 4 * SENDER_BYTES;

    private final AtomicLong total = new AtomicLong();
    private final ConcurrentMap<String, Long> bySender = new ConcurrentHashMap<>();

    /** Whether there is room for a message of so many bytes; if so, it is taken until {@link #leave}. */
    boolean enter(String sender, int bytes) {
        long weight = weight(bytes);
        if (total.addAndGet(weight) > TOTAL_BYTES) {
            total.addAndGet(-weight);
            return false;
        }
        if (bySender.merge(sender, weight, Long::sum) > SENDER_BYTES) {
            leave(sender, bytes);
            return false;
        }
        return true;
    }

    void leave(String sender, int bytes) {
        long weight = weight(bytes);
        total.addAndGet(-weight);
        // Those who wait with nothing are forgotten, since anybody can make up a sender.
        bySender.computeIfPresent(sender, (id, waiting) -> waiting > weight ? Long.valueOf(waiting - weight) : null);
    }

    /** Senders that have something waiting. */
    int senders() {
        return bySender.size();
    }

    private static long weight(int bytes) {
        return (long) bytes + MESSAGE_OVERHEAD_BYTES;
    }
}
