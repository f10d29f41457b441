package io.scrimplb.proxy.spec;

import java.util.List;
import java.util.Optional;

/**
 * A named group of endpoints: one application.
 *
 * @param name the application's name; the metric label {@code app}
 * @param policy how an endpoint is chosen
 * @param endpoints may be empty: the application is known but has nowhere to go now, which is a 503 and not a 404
 * @param origin how they are spoken with
 * @param hsts what browsers are told about https; empty for nothing
 */
public record UpstreamSpec(
        String name, BalancePolicy policy, List<EndpointSpec> endpoints, OriginSpec origin, Optional<HstsSpec> hsts) {
    public UpstreamSpec {
        endpoints = List.copyOf(endpoints);
    }

    /** An upstream that speaks HTTP/1.1 in clear text. */
    public UpstreamSpec(String name, BalancePolicy policy, List<EndpointSpec> endpoints) {
        this(name, policy, endpoints, OriginSpec.HTTP, Optional.empty());
    }
}
