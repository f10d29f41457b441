package io.scrimplb.proxy;

import io.scrimplb.proxy.routing.Route;
import io.scrimplb.proxy.routing.RouteTable;
import io.scrimplb.proxy.telemetry.RequestCounters;
import io.scrimplb.proxy.upstream.Upstream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The routes of one HTTP listener and what the requests of each application are counted under there: counters exist as long
 * as a route joins the application and the listener. Immutable.
 */
final class ListenerRoutes {
    /** @param routes how many lead to the application, at least 1 */
    private record Share(RequestCounters counters, int routes) {}

    private final String listener;
    private final int loops;
    private final RouteTable table;
    private final Map<String, Share> shares;

    private ListenerRoutes(String listener, int loops, RouteTable table, Map<String, Share> shares) {
        this.listener = listener;
        this.loops = loops;
        this.table = table;
        this.shares = shares;
    }

    static ListenerRoutes none(String listener, int loops) {
        RequestCounters unrouted = new RequestCounters(RequestCounters.NO_APPLICATION, listener, loops);
        return new ListenerRoutes(listener, loops, RouteTable.empty(unrouted), Map.of());
    }

    /**
     * These routes but for some hosts.
     *
     * @param changed the hosts whose routes are taken anew
     * @param targets where each path prefix of such a host leads; a host that is not in it has no routes any more
     */
    ListenerRoutes with(Set<String> changed, Map<String, Map<String, Upstream>> targets) {
        Map<String, Map<String, Upstream>> hosts = new HashMap<>(targets);
        for (String host : changed) {
            if (!table.routes(host).isEmpty()) {
                hosts.putIfAbsent(host, Map.of());
            }
        }
        if (hosts.isEmpty()) {
            return this;
        }
        Map<String, Integer> gained = new HashMap<>();
        hosts.forEach((host, paths) -> {
            table.routes(host).forEach(route -> gained.merge(route.upstream().name(), -1, Integer::sum));
            paths.values().forEach(upstream -> gained.merge(upstream.name(), 1, Integer::sum));
        });
        Map<String, Share> next = shares(gained);
        Map<String, Route> routes = new HashMap<>();
        Map<String, Map<String, Route>> changes = new HashMap<>();
        hosts.forEach((host, paths) -> {
            Map<String, Route> byPrefix = new HashMap<>();
            paths.forEach((prefix, upstream) ->
                    byPrefix.put(prefix, routes.computeIfAbsent(upstream.name(), name -> route(upstream, next))));
            changes.put(host, byPrefix);
        });
        return new ListenerRoutes(listener, loops, table.with(changes), next);
    }

    private static Route route(Upstream upstream, Map<String, Share> shares) {
        return new Route(upstream, Objects.requireNonNull(shares.get(upstream.name())).counters);
    }

    private Map<String, Share> shares(Map<String, Integer> gained) {
        gained.values().removeIf(count -> count == 0);
        if (gained.isEmpty()) {
            return shares;
        }
        Map<String, Share> next = new HashMap<>(shares);
        gained.forEach((application, count) -> next.compute(application, (name, before) -> {
            int routes = count + (before == null ? 0 : before.routes);
            if (routes == 0) {
                return null;
            }
            return new Share(
                    before == null ? new RequestCounters(application, listener, loops) : before.counters, routes);
        }));
        return next;
    }

    RouteTable table() {
        return table;
    }

    void forEachCounters(Consumer<RequestCounters> action) {
        shares.values().forEach(share -> action.accept(share.counters));
        action.accept(table.unrouted());
    }
}
