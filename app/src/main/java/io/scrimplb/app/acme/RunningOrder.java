package io.scrimplb.app.acme;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/** An order between the service's thread, which may want it stopped, and its own, on which it may not have begun yet. */
final class RunningOrder {
    private enum State {
        QUEUED,
        BEGUN,
        STOPPED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
    private final Future<?> future;

    RunningOrder(ExecutorService pool, Runnable order) {
        this.future = pool.submit(() -> {
            if (state.compareAndSet(State.QUEUED, State.BEGUN)) {
                order.run();
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
}
