package io.scrimplb.proxy.endpoint;

import io.scrimplb.proxy.telemetry.EndpointCounters;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is known of an endpoint while it exists. Written by event loops, read by balancers on any of them and by the
 * control thread.
 */
public final class EndpointState {
    /** After a failed connect the endpoint is taken only when no other is left, for this long. */
    static final long CONNECT_FAILURE_REST_NANOS = 1_000_000_000L;

    /** So long nothing is told of an endpoint after something was: what comes and goes would be told at every attempt. */
    static final long FAULT_QUIET_NANOS = 60_000_000_000L;

    private volatile boolean http1Only;
    private final EndpointCounters counters;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong faultToldNanos = new AtomicLong(System.nanoTime() - FAULT_QUIET_NANOS);

    /** What was told last; empty once it was otherwise. */
    private volatile String fault = "";

    private volatile boolean resting;
    private volatile long restUntilNanos;
    private volatile boolean retired;

    public EndpointState(EndpointCounters counters) {
        this.counters = counters;
    }

    public EndpointCounters counters() {
        return counters;
    }

    /** Attempts under way over all event loops. */
    public int inFlight() {
        return inFlight.get();
    }

    public void attemptBegun() {
        inFlight.incrementAndGet();
    }

    public void attemptEnded() {
        inFlight.decrementAndGet();
    }

    /** A connection could not be made at {@code nowNanos} of {@link System#nanoTime()}. */
    public void connectFailed(long nowNanos) {
        restUntilNanos = nowNanos + CONNECT_FAILURE_REST_NANOS;
        resting = true;
    }

    public void connected() {
        if (resting) {
            resting = false;
            fault = "";
        }
    }

    /**
     * Whether something that only a user can mend is to be told: since it is other than before, and nothing was told for a minute.
     *
     * @param nowNanos of {@link System#nanoTime()}
     */
    public boolean faultIsNew(String told, long nowNanos) {
        long before = faultToldNanos.get();
        if (told.equals(fault)
                || nowNanos - before < FAULT_QUIET_NANOS
                || !faultToldNanos.compareAndSet(before, nowNanos)) {
            return false;
        }
        fault = told;
        return true;
    }

    /** Whether the endpoint agreed to nothing later than HTTP/1.1 when it was last asked (ALPN). */
    public boolean http1Only() {
        return http1Only;
    }

    public void http1Only(boolean agreed) {
        http1Only = agreed;
    }

    /** Whether a connect failed within the last second. */
    public boolean resting() {
        return resting && System.nanoTime() - restUntilNanos < 0;
    }

    /** Whether the endpoint is gone from the spec: what runs may end, no connection to it is kept. */
    public boolean retired() {
        return retired;
    }

    public void retire() {
        retired = true;
    }
}
