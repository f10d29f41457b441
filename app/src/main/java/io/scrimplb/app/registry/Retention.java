package io.scrimplb.app.registry;

import java.time.Duration;

/**
 * How long things outlive what they came from.
 *
 * @param rememberFor an application whose last endpoint left keeps its routes, and answers 503 instead of 404, for so
 *     long
 * @param isolationGrace how long the last known table stays in force after this load balancer lost sight of all others
 *     at once; then they are taken as gone. 0 for not at all
 * @param rejoinSettle after an isolation, how long members that are still missing may take to come back once the first
 *     other member is in sight again: partitions do not always merge in one view
 */
public record Retention(Duration rememberFor, Duration isolationGrace, Duration rejoinSettle) {
    /** 10 minutes, 5 minutes and 3 seconds. */
    public static Retention defaults() {
        return new Retention(Duration.ofMinutes(10), Duration.ofMinutes(5), Duration.ofSeconds(3));
    }
}
