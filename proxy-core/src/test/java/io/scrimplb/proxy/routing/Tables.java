package io.scrimplb.proxy.routing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.scrimplb.proxy.ManyApplications;
import io.scrimplb.proxy.balance.Balancer;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.OriginSpec;
import io.scrimplb.proxy.spec.RouteSpec;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.telemetry.RequestCounters;
import io.scrimplb.proxy.upstream.Upstream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes route tables whose routes lead to upstreams without endpoints. */
final class Tables {
    static final byte[] ONE_DOMAIN = "intranet.example.com".getBytes(US_ASCII);

    private Tables() {}

    /** A route to an upstream of that name. */
    static Route route(String upstream) {
        return new Route(
                new Upstream(
                        upstream,
                        List.of(),
                        Balancer.compile(BalancePolicy.P2C, List.of(), new AtomicInteger()),
                        OriginSpec.HTTP,
                        null,
                        null,
                        new ApplicationCounters(upstream, 1)),
                new RequestCounters(upstream, "web", 1));
    }

    static RouteTable empty() {
        return RouteTable.empty(new RequestCounters(RequestCounters.NO_APPLICATION, "web", 1));
    }

    static RouteTable of(List<RouteSpec> specs) {
        Map<String, Map<String, Route>> hosts = new HashMap<>();
        Map<String, Route> routes = new HashMap<>();
        for (RouteSpec spec : specs) {
            hosts.computeIfAbsent(spec.host(), host -> new HashMap<>())
                    .put(spec.pathPrefix(), routes.computeIfAbsent(spec.upstream(), Tables::route));
        }
        return empty().with(hosts);
    }

    /** So many applications under {@link #ONE_DOMAIN}, told apart by {@link #path}. */
    static RouteTable onePathEach(int applications) {
        Map<String, Route> paths = new HashMap<>();
        for (int i = 0; i < applications; i++) {
            paths.put(path(i), route(ManyApplications.name(i)));
        }
        return empty().with(Map.of(new String(ONE_DOMAIN, US_ASCII), paths));
    }

    static String path(int application) {
        return "/apps/" + ManyApplications.name(application);
    }
}
