package io.scrimplb.proxy.upstream;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Idle connections to one endpoint on one event loop; not thread-safe. The one that came last goes first: it is the least
 * likely to be closed by the other side, and the rest can age and be dropped.
 */
public final class ConnectionPool<C extends PooledConnection> {
    /**
     * Idle connections kept per endpoint and loop; more are closed when they come back. A thousand clients that are answered in
     * the same turn of a loop bring as many back before any of them asks again.
     */
    static final int MAX_IDLE = 1024;

    /** Application servers close idle connections after 60 s and more, some after 30; this stays clear of both. */
    public static final long MAX_IDLE_NANOS = 25_000_000_000L;

    /** Idle connections that all pools of a loop keep together: each costs a file descriptor here and at the endpoint. */
    static final int MAX_IDLE_PER_LOOP = 4096;

    /** Counts the idle connections of a loop. */
    static final class Total {
        private int idle;
    }

    private final Total total;
    private final ArrayDeque<C> idle = new ArrayDeque<>();

    ConnectionPool(Total total) {
        this.total = total;
    }

    /**
     * Takes a connection out.
     *
     * @param maxIdleNanos how long it may have been idle at most
     * @return null when there is none
     */
    public @Nullable C take(long nowNanos, long maxIdleNanos) {
        while (true) {
            C last = idle.peekLast();
            if (last == null || nowNanos - last.idleSinceNanos() > maxIdleNanos) {
                return null;
            }
            idle.pollLast();
            total.idle--;
            if (last.usable()) {
                return last;
            }
            last.close();
        }
    }

    /** Keeps a connection for a later request; false when there are enough, and the caller closes it. */
    public boolean offer(C connection, long nowNanos) {
        if (idle.size() >= MAX_IDLE || total.idle >= MAX_IDLE_PER_LOOP) {
            return false;
        }
        total.idle++;
        connection.idleSinceNanos(nowNanos);
        idle.addLast(connection);
        return true;
    }

    /** The other side closed it, or it turned unusable. */
    public void remove(C connection) {
        if (idle.removeIf(waiting -> waiting == connection)) {
            total.idle--;
        }
    }

    void closeIdleSince(long nowNanos, long maxIdleNanos) {
        C oldest = idle.peekFirst();
        while (oldest != null && nowNanos - oldest.idleSinceNanos() > maxIdleNanos) {
            idle.pollFirst();
            total.idle--;
            oldest.close();
            oldest = idle.peekFirst();
        }
    }

    void closeAll() {
        C oldest = idle.pollFirst();
        while (oldest != null) {
            total.idle--;
            oldest.close();
            oldest = idle.pollFirst();
        }
    }
}
