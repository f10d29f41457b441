package io.scrimplb.app.it;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits for what another process does. */
final class Waiting {
    /** Fine enough for the figures, coarse enough not to disturb what is measured. */
    private static final Duration LOOK = Duration.ofMillis(10);

    private Waiting() {}

    /**
     * Looks until the condition holds; a look that fails is one that did not hold.
     *
     * @return how long it took
     */
    static Duration until(String description, Duration limit, Callable<Boolean> condition) {
        long start = System.nanoTime();
        Awaitility.await(description)
                .pollDelay(Duration.ZERO)
                .pollInterval(LOOK)
                .atMost(limit)
                .ignoreExceptions()
                .until(condition);
        return Figures.since(start);
    }

    static Duration until(String description, Callable<Boolean> condition) {
        return until(description, Scrimp.PATIENCE, condition);
    }

    /** Until a request through a listener gets the expected body. */
    static Duration routed(int port, String host, String body) {
        return until(
                host + " at " + port + " answers " + body,
                () -> Exchange.get(port, host, "/").body().equals(body));
    }
}
