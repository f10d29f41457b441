package io.scrimplb.proxy.behaviour;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Waits until a count has stopped growing. */
final class Plateau {
    /**
     * Bytes of a request or of a raw upload that may be held on the way when the other side reads none, out of 64 MiB: the proxy
     * leaves the receive buffers of clients' sockets to the kernel, which lets one that is read fast grow to tcp_rmem's
     * maximum, 32 MiB on some machines, and the send buffer behind it to 4 MiB.
     */
    static final long UPLOAD_HELD_AT_MOST = 48L << 20;

    private static final Duration STILL = Duration.ofMillis(700);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Plateau() {}

    /** The value at which the count has stood still for a while after it left zero. */
    static long of(AtomicLong count) {
        long[] last = {0, System.nanoTime()};
        await("the count to stand still").atMost(LIMIT).until(() -> {
            long now = count.get();
            if (now == 0 || now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
                return false;
            }
            return System.nanoTime() - last[1] > STILL.toNanos();
        });
        return count.get();
    }
}
