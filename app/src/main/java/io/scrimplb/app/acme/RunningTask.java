package io.scrimplb.app.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** What blocks, between the service's thread, which may want it stopped, and its own, on which it may not have begun yet. */
final class RunningTask {
    private enum State {
        QUEUED,
        BEGUN,
        STOPPED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
    private final Instant since;
    private final Future<?> future;

    /** @param work is told of this, so that it can say which one ended */
    RunningTask(ExecutorService pool, Instant now, Consumer<RunningTask> work) {
        this.since = now;
        this.future = pool.submit(() -> {
            if (state.compareAndSet(State.QUEUED, State.BEGUN)) {
                work.accept(this);
            }
        });
    }

    /**
     * Interrupts it; what comes of it no longer counts.
     *
     * @return whether it never began, so that it will not say that it ended
     */
    boolean stop() {
        boolean neverBegan = state.compareAndSet(State.QUEUED, State.STOPPED);
        if (state.compareAndSet(State.BEGUN, State.STOPPED)) {
            future.cancel(true);
        }
        return neverBegan;
    }

    boolean stopped() {
        return state.get() == State.STOPPED;
    }

    /** Whether it is there for longer than that. */
    boolean exceeds(Duration longest, Instant now) {
        return now.isAfter(since.plus(longest));
    }
}
