package io.scrimplb.proxy.upstream;

import io.scrimplb.proxy.balance.Balancer;
import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.spec.OriginSpec;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import java.util.List;

/**
 * One application as a snapshot knows it. Immutable.
 *
 * @param name the application's name
 * @param endpoints all of them; may be empty
 * @param balancer picks among them
 * @param origin how the endpoints are spoken with
 * @param counters outlive the snapshot
 */
public record Upstream(
        String name, List<Endpoint> endpoints, Balancer balancer, OriginSpec origin, ApplicationCounters counters) {}
