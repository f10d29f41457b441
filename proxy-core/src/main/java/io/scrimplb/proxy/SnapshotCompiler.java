package io.scrimplb.proxy;

import io.scrimplb.proxy.balance.Balancer;
import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.endpoint.EndpointKey;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.Route;
import io.scrimplb.proxy.routing.RouteTable;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.spec.EndpointSpec;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.RouteSpec;
import io.scrimplb.proxy.spec.TcpListenerSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import io.scrimplb.proxy.telemetry.RequestCounters;
import io.scrimplb.proxy.transport.TrustedNetworks;
import io.scrimplb.proxy.upstream.Upstream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compiles specs into snapshots. What has not changed is used again; what must outlive a swap (states, counters, cursors) is
 * kept here by identity. Called by one thread at a time; the counters may be read by any.
 */
final class SnapshotCompiler {
    private record Compiled(UpstreamSpec spec, Upstream upstream) {}

    private record CounterKey(String application, String place) {}

    private final int loops;
    private final Map<EndpointKey, EndpointState> states = new HashMap<>();
    private final Map<String, Compiled> compiled = new HashMap<>();
    private final Map<String, AtomicInteger> cursors = new HashMap<>();
    private final Map<CounterKey, EndpointCounters> endpointCounters = new ConcurrentHashMap<>();
    private final Map<CounterKey, RequestCounters> requestCounters = new ConcurrentHashMap<>();
    private final Map<String, ApplicationCounters> applicationCounters = new ConcurrentHashMap<>();

    SnapshotCompiler(int loops) {
        this.loops = loops;
    }

    /**
     * Compiles a valid spec.
     *
     * @param handles the listeners that shall find their routes in the snapshot, each with its spec
     * @param trusted the spec's trusted networks
     */
    Snapshot compile(ProxySpec spec, Map<ListenerHandle, ListenerSpec> handles, TrustedNetworks trusted) {
        Map<String, Upstream> upstreams = new HashMap<>();
        for (UpstreamSpec upstream : spec.upstreams()) {
            upstreams.put(upstream.name(), upstream(upstream));
        }
        Map<ListenerHandle, RouteTable> tables = new HashMap<>();
        Map<ListenerHandle, Upstream> sessions = new HashMap<>();
        Map<String, RouteTable.Builder> builders = new HashMap<>();
        for (RouteSpec route : spec.routes()) {
            builders.computeIfAbsent(route.listener(), name -> new RouteTable.Builder())
                    .add(route.host(), route.pathPrefix(), route(route, upstreams));
        }
        handles.forEach((handle, listener) -> {
            if (listener instanceof TcpListenerSpec tcp) {
                Upstream upstream = upstreams.get(tcp.upstream());
                if (upstream != null) {
                    sessions.put(handle, upstream);
                }
            } else {
                RouteTable.Builder builder = builders.getOrDefault(listener.name(), new RouteTable.Builder());
                tables.put(handle, builder.build(requests(RequestCounters.NO_APPLICATION, listener.name())));
            }
        });
        return new Snapshot(spec.revision(), tables, sessions, upstreams, spec.limits(), spec.timeouts(), trusted);
    }

    /** Forgets, after the swap, what the spec in force no longer has. */
    void forgetAllBut(ProxySpec spec) {
        Set<EndpointKey> keys = new HashSet<>();
        Set<CounterKey> endpoints = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (UpstreamSpec upstream : spec.upstreams()) {
            names.add(upstream.name());
            for (EndpointSpec endpoint : upstream.endpoints()) {
                keys.add(key(upstream, endpoint));
                endpoints.add(new CounterKey(upstream.name(), label(endpoint.address())));
            }
        }
        states.entrySet().removeIf(entry -> {
            if (keys.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().retire();
            return true;
        });
        Set<CounterKey> requests = new HashSet<>();
        for (RouteSpec route : spec.routes()) {
            requests.add(new CounterKey(route.upstream(), route.listener()));
        }
        for (ListenerSpec listener : spec.listeners()) {
            if (listener instanceof HttpListenerSpec) {
                requests.add(new CounterKey(RequestCounters.NO_APPLICATION, listener.name()));
            }
        }
        compiled.keySet().retainAll(names);
        cursors.keySet().retainAll(names);
        applicationCounters.keySet().retainAll(names);
        endpointCounters.keySet().retainAll(endpoints);
        requestCounters.keySet().retainAll(requests);
    }

    Collection<EndpointCounters> endpointCounters() {
        return endpointCounters.values();
    }

    Collection<RequestCounters> requestCounters() {
        return requestCounters.values();
    }

    Collection<ApplicationCounters> applicationCounters() {
        return applicationCounters.values();
    }

    private Upstream upstream(UpstreamSpec spec) {
        Compiled before = compiled.get(spec.name());
        if (before != null && before.spec.equals(spec)) {
            return before.upstream;
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (EndpointSpec endpoint : spec.endpoints()) {
            EndpointKey key = key(spec, endpoint);
            EndpointState state =
                    states.computeIfAbsent(key, k -> new EndpointState(counters(k.upstream(), label(k.address()))));
            endpoints.add(new Endpoint(key, endpoint.weight(), endpoint.suspected(), state));
        }
        AtomicInteger cursor = cursors.computeIfAbsent(spec.name(), name -> new AtomicInteger());
        Upstream upstream = new Upstream(
                spec.name(),
                List.copyOf(endpoints),
                Balancer.compile(spec.policy(), endpoints, cursor),
                applicationCounters.computeIfAbsent(spec.name(), name -> new ApplicationCounters(name, loops)));
        compiled.put(spec.name(), new Compiled(spec, upstream));
        return upstream;
    }

    private Route route(RouteSpec spec, Map<String, Upstream> upstreams) {
        Upstream upstream = upstreams.get(spec.upstream());
        if (upstream == null) {
            throw new IllegalArgumentException("not a valid spec: no upstream " + spec.upstream());
        }
        return new Route(upstream, requests(spec.upstream(), spec.listener()));
    }

    private RequestCounters requests(String application, String listener) {
        return requestCounters.computeIfAbsent(
                new CounterKey(application, listener), key -> new RequestCounters(application, listener, loops));
    }

    private EndpointCounters counters(String application, String backend) {
        return endpointCounters.computeIfAbsent(
                new CounterKey(application, backend), key -> new EndpointCounters(application, backend, loops));
    }

    private static EndpointKey key(UpstreamSpec upstream, EndpointSpec endpoint) {
        return new EndpointKey(upstream.name(), endpoint.address(), endpoint.member());
    }

    private static String label(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
