package io.scrimplb.membership.transport;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes for others that they have not taken yet, over all connections: each may hold a few MiB, and there may be
 * hundreds with those who ask and do not read. When there are too many, a connection takes no more until it is empty.
 * Thread-safe.
 */
final class Outgoing {
    /** Of all connections, bytes. */
    static final long TOTAL_BYTES = 32L * 1024 * 1024;

    private final AtomicLong total = new AtomicLong();

    /**
     * Whether there is room for so many bytes; if so, it is taken until {@link #leave}.
     *
     * @param own what the connection holds already, and is changed with the total
     */
    boolean enter(AtomicInteger own, int bytes) {
        if (own.get() > 0 && total.get() + bytes > TOTAL_BYTES) {
            return false;
        }
        own.addAndGet(bytes);
        total.addAndGet(bytes);
        return true;
    }

    /** So many bytes are sent, or dropped. */
    void leave(AtomicInteger own, int bytes) {
        own.addAndGet(-bytes);
        total.addAndGet(-bytes);
    }

    long total() {
        return total.get();
    }
}
