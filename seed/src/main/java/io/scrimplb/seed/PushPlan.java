package io.scrimplb.seed;

import java.time.Duration;

/**
 * How often the own seed is renewed.
 *
 * @param period between two pushes, at least one second
 * @param jitter the period is longer or shorter by up to this much, at random; from zero to the period
 */
public record PushPlan(Duration period, Duration jitter) {
    /** A seed that was not renewed for this many periods is pruned. */
    public static final int PRUNE_PERIODS = 10;

    /** @throws IllegalArgumentException when a value is out of its range */
    public PushPlan {
        if (period.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("push-period must be at least 1s");
        }
        if (jitter.isNegative() || jitter.compareTo(period) > 0) {
            throw new IllegalArgumentException("push-jitter must be between 0 and push-period");
        }
    }

    Duration pruneAfter() {
        return period.multipliedBy(PRUNE_PERIODS);
    }
}
