package io.scrimplb.app.runtime;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Whether a load balancer can be sent clients: the phases of its life, and what it asks of its parts. Thread-safe. */
final class Readiness {
    /** A restarted load balancer is not ready before its backends have answered, or had this long to do so. */
    static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final BooleanSupplier inNoCluster;
    private final BooleanSupplier answered;
    private final Supplier<List<String>> certificates;
    private final Supplier<List<String>> listeners;
    private final LongSupplier nanoTime;
    private volatile long startedNanos;
    private volatile boolean started;
    private volatile boolean settled;
    private volatile boolean draining;

    /**
     * @param inNoCluster whether it could be in a cluster, has nothing to route without one, and is in none
     * @param answered whether all backends have told what they offer
     * @param certificates what is waited for of them; empty for nothing
     * @param listeners what is waited for of them; empty for nothing
     * @param nanoTime as {@link System#nanoTime}
     */
    Readiness(
            BooleanSupplier inNoCluster,
            BooleanSupplier answered,
            Supplier<List<String>> certificates,
            Supplier<List<String>> listeners,
            LongSupplier nanoTime) {
        this.inNoCluster = inNoCluster;
        this.answered = answered;
        this.certificates = certificates;
        this.listeners = listeners;
        this.nanoTime = nanoTime;
    }

    /** Everything runs. */
    void started() {
        startedNanos = nanoTime.getAsLong();
        started = true;
    }

    /** It takes no more clients from now on. */
    void draining() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    /** Why it is not ready; empty when it is. */
    List<String> notReady() {
        if (draining) {
            return List.of("draining");
        }
        if (!started) {
            return List.of("starting");
        }
        if (inNoCluster.getAsBoolean()) {
            return List.of("in no cluster yet");
        }
        // Once only: a backend that joins later does not make it unready.
        settled = settled || answered.getAsBoolean() || nanoTime.getAsLong() - startedNanos > SETTLE_NANOS;
        if (!settled) {
            return List.of("backends are still being asked for their applications");
        }
        List<String> fetching = certificates.get();
        return fetching.isEmpty() ? listeners.get() : fetching;
    }
}
