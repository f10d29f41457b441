package io.scrimplb.app.config;

import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.proxy.spec.BalancePolicy;
import java.util.List;
import java.util.Optional;

/**
 * An application as its file describes it.
 *
 * @param name letters, digits, {@code . _ -}; 1 to 64 characters
 * @param listenPort port the load balancer shall open, 1 to 65535; empty leaves it to the load balancer
 * @param applicationPort where it is reached on this machine, 1 to 65535
 * @param domains host names, lower case, {@code *.example.com} allowed; empty for any
 * @param paths path prefixes, each starting with {@code /}; never empty
 * @param version at most 64 characters
 * @param weight share of the requests relative to other endpoints, 1 to 1000
 * @param balance policy; empty leaves it to the load balancer
 * @param sticky whether a client shall stay on one endpoint
 * @param options how the load balancer speaks with it, beyond the protocol
 */
public record ApplicationConfig(
        String name,
        Optional<Integer> listenPort,
        int applicationPort,
        ApplicationProtocol protocol,
        List<String> domains,
        List<String> paths,
        Optional<String> version,
        int weight,
        Optional<BalancePolicy> balance,
        boolean sticky,
        ApplicationOptions options,
        Optional<HealthConfig> health,
        Optional<ResourcesConfig> resources) {
    public ApplicationConfig {
        domains = List.copyOf(domains);
        paths = List.copyOf(paths);
    }

    /** The part that a backend announces. */
    public Application toApplication() {
        return new Application(
                name,
                domains,
                paths,
                listenPort.orElse(null),
                applicationPort,
                protocol,
                version.orElse(null),
                weight,
                balance.map(ConfigNames::of).orElse(null),
                options);
    }
}
