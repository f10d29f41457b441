package io.scrimplb.app.registry;

import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationProtocol;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An application from the load balancer's own file. It needs no permission for its port and domains, and outranks
 * announced applications that claim the same.
 *
 * @param name as of an announced application; under the same name both share one upstream
 * @param addresses where it is reached; resolved, else left out and reported
 * @param listenPort null for the default listen port
 * @param protocol how it is spoken to
 * @param domains lower case; empty means any host
 * @param paths path prefixes, each starting with {@code /}; empty means {@code /}
 * @param weight share of each address, 1 to 1000
 * @param options how it is spoken to, beyond the protocol
 */
public record StaticApplication(
        String name,
        List<InetSocketAddress> addresses,
        @Nullable Integer listenPort,
        ApplicationProtocol protocol,
        List<String> domains,
        List<String> paths,
        int weight,
        ApplicationOptions options) {
    public StaticApplication {
        addresses = List.copyOf(addresses);
        domains = List.copyOf(domains);
        paths = paths.isEmpty() ? List.of("/") : List.copyOf(paths);
    }

    /** Without options. */
    public StaticApplication(
            String name,
            List<InetSocketAddress> addresses,
            @Nullable Integer listenPort,
            ApplicationProtocol protocol,
            List<String> domains,
            List<String> paths,
            int weight) {
        this(name, addresses, listenPort, protocol, domains, paths, weight, ApplicationOptions.NONE);
    }
}
