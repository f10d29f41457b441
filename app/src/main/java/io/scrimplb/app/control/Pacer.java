package io.scrimplb.app.control;

/**
 * Decides when the next swap may be. Times are those of a monotonic clock in nanoseconds.
 *
 * <p>The first change after a quiet time is applied at once; changes that follow within the interval wait for its end
 * and go together.
 */
final class Pacer {
    private final long intervalNanos;
    private final long retryNanos;
    private boolean wanted = true;
    private boolean swapped;
    private long lastSwap;
    private boolean retry;
    private long retryAt;

    Pacer(ControlTiming timing) {
        this.intervalNanos = timing.swapInterval().toNanos();
        this.retryNanos = timing.retryInterval().toNanos();
    }

    /** Something changed. */
    void want() {
        wanted = true;
    }

    /** A swap was tried; {@code complete} says whether there is nothing left to try again. */
    void swapped(long now, boolean complete) {
        wanted = false;
        swapped = true;
        lastSwap = now;
        retry = !complete;
        retryAt = now + retryNanos;
    }

    boolean due(long now) {
        return nanosUntilDue(now) <= 0;
    }

    /** Nanoseconds until a swap is due, 0 or less when it is, {@link Long#MAX_VALUE} when none is wanted. */
    long nanosUntilDue(long now) {
        long wait = Long.MAX_VALUE;
        if (wanted) {
            wait = swapped ? lastSwap + intervalNanos - now : 0;
        }
        return retry ? Math.min(wait, retryAt - now) : wait;
    }
}
