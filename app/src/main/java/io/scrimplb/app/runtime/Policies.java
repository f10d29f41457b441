package io.scrimplb.app.runtime;

import io.scrimplb.app.config.Cidr;
import io.scrimplb.app.config.LoadBalancerConfig;
import io.scrimplb.app.registry.ClaimPolicy;
import io.scrimplb.app.registry.ForwardingPolicy;
import io.scrimplb.app.registry.PortRange;
import io.scrimplb.app.registry.RegistryPolicy;
import io.scrimplb.app.registry.Retention;

/** From the configuration's words to the registry's. */
final class Policies {
    private Policies() {}

    static RegistryPolicy of(LoadBalancerConfig config, ListenDefaults listen) {
        ClaimPolicy claims = new ClaimPolicy(
                config.allowedListenPorts().stream()
                        .map(range -> new PortRange(range.first(), range.last()))
                        .toList(),
                config.allowedDomains(),
                listen.port(),
                config.balance());
        ForwardingPolicy forwarding = new ForwardingPolicy(
                listen.address(),
                config.limits().toSpec(),
                config.timeouts().toSpec(),
                config.trustedProxies().stream().map(Cidr::toString).toList());
        return new RegistryPolicy(claims, Retention.defaults(), forwarding);
    }
}
