package io.scrimplb.proxy.upstream;

import io.scrimplb.proxy.balance.Balancer;
import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.spec.OriginSpec;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.tls.OriginTls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One application as a snapshot knows it. Immutable.
 *
 * @param name the application's name
 * @param endpoints all of them; may be empty
 * @param balancer picks among them
 * @param origin how the endpoints are spoken with
 * @param tls how they are spoken with by TLS; null in clear text, and where that cannot be had
 * @param hsts value of Strict-Transport-Security for responses that go out by TLS; null for none
 * @param counters outlive the snapshot
 */
public record Upstream(
        String name,
        List<Endpoint> endpoints,
        Balancer balancer,
        OriginSpec origin,
        @Nullable OriginTls tls,
        byte @Nullable [] hsts,
        ApplicationCounters counters) {}
