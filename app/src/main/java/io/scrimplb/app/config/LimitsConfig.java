package io.scrimplb.app.config;

import io.scrimplb.proxy.spec.LimitSpec;
import java.util.OptionalLong;

/**
 * Bounds on what a stranger can make the load balancer hold.
 *
 * @param headerBytes size of a head in bytes, 1024 to 262144
 * @param headerCount header lines, 1 to 1000
 * @param connections client connections over all listeners, at least 1
 * @param memoryBytes memory budget in bytes; empty for {@code auto}
 */
public record LimitsConfig(int headerBytes, int headerCount, int connections, OptionalLong memoryBytes) {
    /** The part that the proxy enforces. */
    public LimitSpec toSpec() {
        return new LimitSpec(headerBytes, headerCount, connections);
    }
}
