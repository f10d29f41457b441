package io.scrimplb.proxy.upstream;

import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.transport.Loop;
import io.scrimplb.proxy.transport.Swept;
import java.util.IdentityHashMap;
import java.util.Map;

/** The pools of one event loop, one an endpoint; not thread-safe. Pools of retired endpoints are closed by the sweep. */
public final class ConnectionPools<C extends PooledConnection> implements Swept {
    private final ConnectionPool.Total total = new ConnectionPool.Total();
    private final Map<EndpointState, ConnectionPool<C>> pools = new IdentityHashMap<>();
    private int sweepIndex = NOT_SWEPT;

    /** Made on the loop. */
    public ConnectionPools(Loop loop) {
        loop.enlist(this);
    }

    /** The pool of an endpoint, made at its first use. */
    public ConnectionPool<C> of(EndpointState endpoint) {
        ConnectionPool<C> pool = pools.get(endpoint);
        if (pool == null) {
            pool = new ConnectionPool<>(total);
            pools.put(endpoint, pool);
        }
        return pool;
    }

    @Override
    public void sweep(long nowNanos) {
        pools.entrySet().removeIf(entry -> {
            if (entry.getKey().retired()) {
                entry.getValue().closeAll();
                return true;
            }
            entry.getValue().closeIdleSince(nowNanos, ConnectionPool.MAX_IDLE_NANOS);
            return false;
        });
    }

    /** What is idle here costs nobody anything while others finish. */
    @Override
    public void drain() {}

    @Override
    public void abort() {
        pools.values().forEach(ConnectionPool::closeAll);
    }

    @Override
    public int sweepIndex() {
        return sweepIndex;
    }

    @Override
    public void sweepIndex(int index) {
        sweepIndex = index;
    }
}
