package io.scrimplb.membership;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a backend offers under one name.
 *
 * @param name letters, digits, {@code . _ -}; 1 to 64 characters
 * @param domains host names it answers for, lower case, {@code *.example.com} allowed; empty means any host
 * @param paths path prefixes it answers for, each starting with {@code /}; never empty
 * @param listenPort port the load balancer shall open, 1 to 65535; null leaves it to the load balancer
 * @param applicationPort port at which the application is reached, 1 to 65535
 * @param protocol how the load balancer talks to it
 * @param version free text of at most 64 characters; null when not given
 * @param weight share of the requests relative to other endpoints, 1 to 1000
 * @param balance name of the balancing policy; null leaves it to the load balancer
 * @param options how it wants to be spoken with, beyond the protocol
 */
public record Application(
        String name,
        List<String> domains,
        List<String> paths,
        @Nullable Integer listenPort,
        int applicationPort,
        ApplicationProtocol protocol,
        @Nullable String version,
        int weight,
        @Nullable String balance,
        ApplicationOptions options) {
    public Application {
        domains = List.copyOf(domains);
        paths = List.copyOf(paths);
    }
}
