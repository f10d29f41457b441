package io.scrimplb.app.registry;

import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.EndpointSpec;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.RouteSpec;
import io.scrimplb.proxy.spec.TcpListenerSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes the spec: listeners by port, routes by port, host and path, upstreams by name, endpoints by member and
 * address. The order depends on what is known alone, not on the order in which it became known.
 */
final class Derivation {
    private static final Comparator<EndpointSpec> ENDPOINT_ORDER = Comparator.comparing(EndpointSpec::member)
            .thenComparing(endpoint -> endpoint.address().toString());

    private final RegistryPolicy policy;
    private final OwnAddresses own;

    Derivation(RegistryPolicy policy, OwnAddresses own) {
        this.policy = policy;
        this.own = own;
    }

    /**
     * @param suspected handles of the members that are suspected
     * @param findings is told of the endpoints that are left out
     */
    ProxySpec derive(
            ClaimTable table,
            Map<String, KnownApplication> applications,
            Set<String> suspected,
            List<ProblemFinder.Finding> findings) {
        SortedMap<Integer, ListenerSpec> listeners = new TreeMap<>();
        List<RouteSpec> routes = new ArrayList<>();
        Set<String> used = new TreeSet<>();
        int defaultPort = policy.claims().defaultListenPort();
        listeners.put(defaultPort, httpListener(defaultPort));
        table.ports()
                .forEach((port, claims) -> claims.tcpHolder()
                        .ifPresentOrElse(
                                holder -> {
                                    listeners.put(port, tcpListener(port, holder));
                                    used.add(holder);
                                },
                                () -> {
                                    listeners.put(port, httpListener(port));
                                    claims.forEachHolder((claim, holder) -> {
                                        routes.add(new RouteSpec(
                                                Integer.toString(port), claim.host(), claim.path(), holder));
                                        used.add(holder);
                                    });
                                }));
        List<UpstreamSpec> upstreams = new ArrayList<>();
        for (String name : used) {
            KnownApplication application = Objects.requireNonNull(applications.get(name));
            upstreams.add(upstream(application, suspected, listeners, findings));
        }
        ForwardingPolicy forwarding = policy.forwarding();
        return new ProxySpec(
                0,
                List.copyOf(listeners.values()),
                routes,
                upstreams,
                forwarding.limits(),
                forwarding.timeouts(),
                forwarding.trustedProxies());
    }

    private ListenerSpec httpListener(int port) {
        return new HttpListenerSpec(Integer.toString(port), bindAddress(port));
    }

    private ListenerSpec tcpListener(int port, String upstream) {
        return new TcpListenerSpec(Integer.toString(port), bindAddress(port), upstream);
    }

    private InetSocketAddress bindAddress(int port) {
        return new InetSocketAddress(policy.forwarding().listenAddress(), port);
    }

    private UpstreamSpec upstream(
            KnownApplication application,
            Set<String> suspected,
            Map<Integer, ListenerSpec> listeners,
            List<ProblemFinder.Finding> findings) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        BalancePolicy balance = null;
        for (Offer offer : application.offersInUse()) {
            balance = balance == null ? offer.terms().balance() : balance;
            for (InetSocketAddress target : offer.targets()) {
                ListenerSpec listener = listeners.get(target.getPort());
                if (listener != null && own.isAt(listener.address(), target)) {
                    // A request would go round until every connection there is is taken.
                    findings.add(new ProblemFinder.Finding(
                            "application " + application.name(),
                            offer.source() + " is reached at port " + target.getPort()
                                    + " of this host, which this load balancer itself listens on; that endpoint is left"
                                    + " out, give the application another port"));
                    continue;
                }
                endpoints.add(new EndpointSpec(
                        offer.source(), target, offer.terms().weight(), suspected.contains(offer.source())));
            }
        }
        endpoints.sort(ENDPOINT_ORDER);
        return new UpstreamSpec(
                application.name(), balance == null ? policy.claims().defaultBalance() : balance, endpoints);
    }
}
