package io.scrimplb.proxy.spec;

import java.util.List;

/**
 * A named group of endpoints: one application.
 *
 * @param name the application's name; the metric label {@code app}
 * @param policy how an endpoint is chosen
 * @param endpoints may be empty: the application is known but has nowhere to go now, which is a 503 and not a 404
 */
public record UpstreamSpec(String name, BalancePolicy policy, List<EndpointSpec> endpoints) {
    public UpstreamSpec {
        endpoints = List.copyOf(endpoints);
    }
}
