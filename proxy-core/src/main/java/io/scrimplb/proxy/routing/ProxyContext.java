package io.scrimplb.proxy.routing;

import io.scrimplb.proxy.telemetry.AccessLog;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.telemetry.LoopCounters;
import io.scrimplb.proxy.telemetry.RequestCounters;
import java.util.function.Supplier;

/** What all connections of one proxy share. Any thread. */
public final class ProxyContext {
    private static final int BEGUN = 0;
    private static final int ENDED = 1;

    private final Supplier<Snapshot> snapshots;
    private final AccessLog accessLog;
    private final ApplicationCounters unattributed;
    private final LoopCounters activity;
    private volatile boolean draining;

    public ProxyContext(Supplier<Snapshot> snapshots, AccessLog accessLog, int loops) {
        this.snapshots = snapshots;
        this.accessLog = accessLog;
        this.unattributed = new ApplicationCounters(RequestCounters.NO_APPLICATION, loops);
        this.activity = new LoopCounters(loops, 2);
    }

    /** The snapshot in force. Read once by an exchange, which then keeps to it. */
    public Snapshot snapshot() {
        return snapshots.get();
    }

    public AccessLog accessLog() {
        return accessLog;
    }

    /** Where errors are counted that concern no application. */
    public ApplicationCounters unattributed() {
        return unattributed;
    }

    /** An exchange or a session began on that loop. */
    public void begun(int loop) {
        activity.add(loop, BEGUN, 1);
    }

    public void ended(int loop) {
        activity.add(loop, ENDED, 1);
    }

    /** Exchanges and sessions under way. */
    public int active() {
        long ended = activity.sum(ENDED);
        return (int) Math.max(0, activity.sum(BEGUN) - ended);
    }

    /** Whether the proxy stops: what is in flight ends, nothing new begins on a kept connection. */
    public boolean draining() {
        return draining;
    }

    public void drain() {
        draining = true;
    }
}
