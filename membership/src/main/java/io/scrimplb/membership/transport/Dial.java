package io.scrimplb.membership.transport;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Attempts to connect to one address, not faster than makes sense. On the loop's thread. */
final class Dial {
    /** Pause after a failure, ms; doubled each time up to the longest. */
    private static final long PAUSE_MILLIS = 100;

    private static final long LONGEST_PAUSE_MILLIS = 1_000;
    private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(2);

    @Nullable
    MemberConnection connection;

    private long pauseMillis = PAUSE_MILLIS;
    private long notBeforeNanos = System.nanoTime();
    private long usedNanos = notBeforeNanos;

    boolean due() {
        usedNanos = System.nanoTime();
        return usedNanos - notBeforeNanos >= 0;
    }

    void began(MemberConnection next) {
        connection = next;
    }

    void succeeded() {
        pauseMillis = PAUSE_MILLIS;
    }

    /**
     * @param failed whether it was never open
     */
    void ended(boolean failed) {
        connection = null;
        notBeforeNanos = System.nanoTime();
        if (failed) {
            notBeforeNanos += TimeUnit.MILLISECONDS.toNanos(pauseMillis);
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        }
    }

    /** Whether nobody asked for it for so long that it need not be remembered. */
    boolean forgotten(long now) {
        return connection == null && now - usedNanos > FORGOTTEN_NANOS;
    }
}
