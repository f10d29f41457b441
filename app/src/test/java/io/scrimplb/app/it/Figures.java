package io.scrimplb.app.it;

import java.time.Duration;
import java.util.List;

/** Measured values, one line each, so that a log of a build tells them. */
final class Figures {
    private Figures() {}

    static void tell(String name, String value) {
        System.out.println("FIGURE " + name + ": " + value);
    }

    static void tell(String name, Duration value) {
        tell(name, value.toMillis() + " ms");
    }

    static void tell(String name, List<Duration> values) {
        tell(
                name,
                "median " + median(values).toMillis() + " ms of "
                        + values.stream().map(Duration::toMillis).toList());
    }

    static Duration median(List<Duration> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
