package io.scrimplb.app.registry;

import java.net.InetSocketAddress;
import java.util.Set;

/**
 * All that the operator decides about the registry.
 *
 * @param forbiddenTargets where no member may send this load balancer's clients, such as its own admin address; a
 *     wildcard address stands for every address of this host with that port
 */
public record RegistryPolicy(
        ClaimPolicy claims, Retention retention, ForwardingPolicy forwarding, Set<InetSocketAddress> forbiddenTargets) {
    public RegistryPolicy {
        forbiddenTargets = Set.copyOf(forbiddenTargets);
    }

    /** With no target forbidden by name. */
    public RegistryPolicy(ClaimPolicy claims, Retention retention, ForwardingPolicy forwarding) {
        this(claims, retention, forwarding, Set.of());
    }
}
