package io.scrimplb.proxy.spec;

import java.util.List;

/**
 * The whole desired state of a proxy. Immutable; a new one replaces the old one in a single swap.
 *
 * @param revision grows with every change; appears in status, never interpreted
 * @param listeners sockets to have open, each name once
 * @param routes how a request that arrived at an HTTP listener finds its upstream
 * @param upstreams the groups of endpoints that routes and TCP listeners name, each name once
 * @param tls certificates and what else TLS listeners need
 * @param limits bounds on what a client or a backend can make the proxy hold
 * @param timeouts how long each phase may last
 * @param trustedProxies networks in CIDR form whose forwarding headers and PROXY protocol are believed
 */
public record ProxySpec(
        long revision,
        List<ListenerSpec> listeners,
        List<RouteSpec> routes,
        List<UpstreamSpec> upstreams,
        TlsSpec tls,
        LimitSpec limits,
        TimeoutSpec timeouts,
        List<String> trustedProxies) {
    public ProxySpec {
        listeners = List.copyOf(listeners);
        routes = List.copyOf(routes);
        upstreams = List.copyOf(upstreams);
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** A spec without TLS. */
    public ProxySpec(
            long revision,
            List<ListenerSpec> listeners,
            List<RouteSpec> routes,
            List<UpstreamSpec> upstreams,
            LimitSpec limits,
            TimeoutSpec timeouts,
            List<String> trustedProxies) {
        this(revision, listeners, routes, upstreams, TlsSpec.NONE, limits, timeouts, trustedProxies);
    }

    /** A spec with nothing open and every limit and timeout at its default. */
    public static ProxySpec empty() {
        return new ProxySpec(
                0, List.of(), List.of(), List.of(), LimitSpec.defaults(), TimeoutSpec.defaults(), List.of());
    }
}
