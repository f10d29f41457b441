package io.scrimplb.membership.exchange;

import java.util.random.RandomGenerator;

/** When to ask a backend, in milliseconds from now, each with jitter so that many members do not move in step. */
final class AskTimes {
    /** A new backend announces by itself as soon as it sees us; this long it may take before we ask. */
    static final long FIRST_MILLIS = 50;
    /** After the first unanswered question; doubled each time. */
    static final long BACKOFF_MILLIS = 100;
    /** Longest time between two questions to a backend that does not answer. */
    static final long MAX_BACKOFF_MILLIS = 5_000;
    /** Time between two questions to a backend that has answered, in case an announcement was lost. */
    static final long CONFIRMED_MILLIS = 60_000;
    /** Largest part that jitter adds or takes. */
    private static final double JITTER = 0.2;

    private final RandomGenerator random;

    AskTimes(RandomGenerator random) {
        this.random = random;
    }

    /** Until the next question when {@code attempts} questions in a row were not answered; at least one. */
    long backoff(int attempts) {
        int doublings = Math.min(attempts - 1, 16);
        return jittered(Math.min(MAX_BACKOFF_MILLIS, BACKOFF_MILLIS << doublings));
    }

    long confirmed() {
        return jittered(CONFIRMED_MILLIS);
    }

    private long jittered(long millis) {
        return Math.round(millis * (1 - JITTER + 2 * JITTER * random.nextDouble()));
    }
}
