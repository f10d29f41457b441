package io.scrimplb.membership.jgroups;

import java.util.concurrent.TimeUnit;

/**
 * The pace of heartbeats while the cluster changes its size. A new view reaches the members one after the other, and for
 * a moment some go by the old size and some by the new. So everybody sends by the quicker of both and waits by the
 * slower of both, until all can be expected to know the new view: nobody is suspected for having the other one.
 * Thread-safe.
 */
final class SteadyPace {
    private ClusterPace pace = ClusterPace.of(1);
    private long heartbeatMillis = pace.heartbeatMillis();
    private long timeoutMillis = pace.timeoutMillis();
    private long heldUntilNanos;
    private boolean held;

    /** The cluster has so many members from now on. */
    synchronized void members(int count, long nowNanos) {
        settle(nowNanos);
        ClusterPace next = ClusterPace.of(count);
        if (next.equals(pace)) {
            return;
        }
        heartbeatMillis = Math.min(heartbeatMillis, next.heartbeatMillis());
        timeoutMillis = Math.max(timeoutMillis, next.timeoutMillis());
        pace = next;
        held = true;
        // One time-out for the last one to get the view, and one for the silence before its first heartbeat after it.
        heldUntilNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(2 * timeoutMillis);
    }

    /** Time to the next heartbeat. */
    synchronized long heartbeatMillis(long nowNanos) {
        settle(nowNanos);
        return heartbeatMillis;
    }

    /** Silence after which a member is suspected. */
    synchronized long timeoutMillis(long nowNanos) {
        settle(nowNanos);
        return timeoutMillis;
    }

    private void settle(long nowNanos) {
        if (held && nowNanos - heldUntilNanos >= 0) {
            held = false;
            heartbeatMillis = pace.heartbeatMillis();
            timeoutMillis = pace.timeoutMillis();
        }
    }
}
