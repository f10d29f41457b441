package io.scrimplb.app.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Bounds the lines that strangers can cause in the log: so many in a time, and one that tells how many more there would
 * have been. Not thread-safe.
 */
final class LogBudget {
    static final int LINES = 20;
    static final Duration WINDOW = Duration.ofSeconds(10);

    private final Logger log;
    private final String what;
    private @Nullable Instant start;
    private int used;
    private int withheld;

    /** @param what the lines are of, in the plural */
    LogBudget(Logger log, String what) {
        this.log = log;
        this.what = what;
    }

    /** Whether one more line may be logged now; if not, it is counted. */
    boolean take(Instant now) {
        tick(now);
        if (start == null) {
            start = now;
        }
        if (used < LINES) {
            used++;
            return true;
        }
        withheld++;
        return false;
    }

    /** Ends the time that is over, and says what was withheld in it. */
    void tick(Instant now) {
        // A clock that was set back must not silence the log for longer than one window.
        if (start == null || (now.isBefore(start.plus(WINDOW)) && !now.isBefore(start))) {
            return;
        }
        if (withheld > 0) {
            log.info("{} further {} are not shown; see the status page", withheld, what);
        }
        start = null;
        used = 0;
        withheld = 0;
    }

    /** When {@link #tick} has something to say. */
    Optional<Instant> due() {
        return start == null || withheld == 0 ? Optional.empty() : Optional.of(start.plus(WINDOW));
    }
}
