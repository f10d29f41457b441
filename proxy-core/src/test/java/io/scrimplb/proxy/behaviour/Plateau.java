package io.scrimplb.proxy.behaviour;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Waits until a count has stopped growing. */
final class Plateau {
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
