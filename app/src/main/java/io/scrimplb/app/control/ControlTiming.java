package io.scrimplb.app.control;

import java.time.Duration;

/**
 * The pace of the control side.
 *
 * @param swapInterval least time between two swaps; the first change after a quiet time is applied at once. 0 for none
 * @param retryInterval time until a failed bind, or a failed swap, is tried again; positive
 */
public record ControlTiming(Duration swapInterval, Duration retryInterval) {
    /** 20 ms, so that a hundred joins in a second are at most fifty swaps and mostly far fewer, and 5 s. */
    public static ControlTiming defaults() {
        return new ControlTiming(Duration.ofMillis(20), Duration.ofSeconds(5));
    }
}
