package io.scrimplb.app.config;

import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationProtocol;
import java.util.List;
import java.util.Optional;

/**
 * An application on machines that run no agent, named in the load balancer's own file.
 *
 * @param name same rules as an application's name
 * @param addresses where it is reached; never empty
 * @param listenPort port to open for it, 1 to 65535; empty leaves it to the load balancer
 * @param domains host names, lower case; empty for any
 * @param paths path prefixes; never empty
 * @param weight share of each address, 1 to 1000
 * @param options how it is spoken with, beyond the protocol
 */
public record StaticBackendConfig(
        String name,
        List<HostPort> addresses,
        Optional<Integer> listenPort,
        ApplicationProtocol protocol,
        List<String> domains,
        List<String> paths,
        int weight,
        ApplicationOptions options) {
    public StaticBackendConfig {
        addresses = List.copyOf(addresses);
        domains = List.copyOf(domains);
        paths = List.copyOf(paths);
    }
}
