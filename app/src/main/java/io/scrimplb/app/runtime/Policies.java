package io.scrimplb.app.runtime;

import io.scrimplb.app.config.Cidr;
import io.scrimplb.app.config.LoadBalancerConfig;
import io.scrimplb.app.registry.ClaimPolicy;
import io.scrimplb.app.registry.ForwardingPolicy;
import io.scrimplb.app.registry.RegistryPolicy;
import io.scrimplb.app.registry.Retention;
import java.net.InetSocketAddress;
import java.util.Set;

/** From the configuration's words to the registry's. */
final class Policies {
    private Policies() {}

    /** @param own addresses of this load balancer that are no application's */
    static RegistryPolicy of(LoadBalancerConfig config, ListenDefaults listen, Set<InetSocketAddress> own) {
        ClaimPolicy claims =
                new ClaimPolicy(config.allowedListenPorts(), config.allowedDomains(), listen.port(), config.balance());
        ForwardingPolicy forwarding = new ForwardingPolicy(
                listen.address(),
                config.limits().toSpec(),
                config.timeouts().toSpec(),
                config.trustedProxies().stream().map(Cidr::toString).toList());
        return new RegistryPolicy(claims, Retention.defaults(), forwarding, own);
    }
}
