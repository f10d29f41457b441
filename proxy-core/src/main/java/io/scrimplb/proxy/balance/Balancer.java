package io.scrimplb.proxy.balance;

import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.spec.BalancePolicy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Picks endpoints of one upstream. Immutable but for a cursor; the control thread makes one for a snapshot, any event loop
 * calls it at any time. A policy orders all endpoints by preference; skipping a sick one and trying elsewhere after a
 * failure are the same loop: the caller excludes what it has tried and asks again.
 */
public interface Balancer {
    /** The next endpoint that {@code tried} does not exclude, null when none is left. Never blocks or allocates. */
    @Nullable
    Endpoint pick(Tried tried);

    /** What an exchange has tried already. */
    interface Tried {
        boolean excludes(Endpoint endpoint);
    }

    /**
     * Compiles a policy for these endpoints.
     *
     * @param cursor survives from snapshot to snapshot, so that a burst of swaps does not favour the first endpoint
     */
    static Balancer compile(BalancePolicy policy, List<Endpoint> endpoints, AtomicInteger cursor) {
        return switch (policy) {
            case ROUND_ROBIN -> new RoundRobinBalancer(endpoints, cursor);
            case P2C -> new P2cBalancer(endpoints);
        };
    }
}
