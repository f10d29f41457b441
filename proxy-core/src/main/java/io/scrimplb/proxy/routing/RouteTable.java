package io.scrimplb.proxy.routing;

import io.scrimplb.proxy.telemetry.RequestCounters;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one listener: exact hosts, then wildcards with the longest suffix first, then the default; within a host the
 * longest path prefix. A host whose paths do not match falls through to the next that does. Immutable; any thread.
 */
public final class RouteTable {
    private static final String ANY_HOST = "*";

    private final HostIndex hosts;
    private final @Nullable PathIndex anyHost;
    private final RequestCounters unrouted;
    private final int size;

    private RouteTable(HostIndex hosts, @Nullable PathIndex anyHost, RequestCounters unrouted, int size) {
        this.hosts = hosts;
        this.anyHost = anyHost;
        this.unrouted = unrouted;
        this.size = size;
    }

    /**
     * A table without routes.
     *
     * @param unrouted what requests are counted under that no route takes
     */
    public static RouteTable empty(RequestCounters unrouted) {
        return new RouteTable(HostIndex.EMPTY, null, unrouted, 0);
    }

    /**
     * A table like this one but for some hosts, of which it takes all routes anew.
     *
     * @param changes for each host (lower case, as in a route) its routes by path prefix; empty when it has none any more
     */
    public RouteTable with(Map<String, Map<String, Route>> changes) {
        Map<String, @Nullable PathIndex> named = new HashMap<>();
        PathIndex any = anyHost;
        int count = size;
        for (Map.Entry<String, Map<String, Route>> change : changes.entrySet()) {
            String host = change.getKey();
            Map<String, Route> byPrefix = change.getValue();
            count += byPrefix.size() - routes(host).size();
            PathIndex paths = byPrefix.isEmpty() ? null : PathIndex.of(byPrefix);
            if (host.equals(ANY_HOST)) {
                any = paths;
            } else {
                named.put(key(host), paths);
            }
        }
        return new RouteTable(named.isEmpty() ? hosts : hosts.with(named), any, unrouted, count);
    }

    /** The routes of a host as a route spec names it, one for each path prefix. */
    public Collection<Route> routes(String host) {
        PathIndex paths = host.equals(ANY_HOST) ? anyHost : hosts.get(key(host));
        return paths == null ? List.of() : paths.routes();
    }

    private static String key(String host) {
        return host.startsWith("*.") ? host.substring(1) : host;
    }

    /**
     * Finds the route of a request.
     *
     * @param host bytes that hold the host name without a port; length 0 when the request named none
     * @param path bytes that hold the normalised path
     */
    public @Nullable Route match(
            byte[] host, int hostOffset, int hostLength, byte[] path, int pathOffset, int pathLength) {
        Route route = hosts.match(host, hostOffset, hostLength, path, pathOffset, pathLength);
        return route != null || anyHost == null ? route : anyHost.match(path, pathOffset, pathLength);
    }

    /**
     * How closely a host of this table fits: an exact name best, a longer wildcard better than a shorter one, any of them better
     * than {@code *}. Only to be compared.
     *
     * @return -1 when none fits
     */
    int closeness(byte[] host) {
        int closest = hosts.closeness(host);
        return closest < 0 && anyHost != null ? 0 : closest;
    }

    /** What requests are counted under that no route takes. */
    public RequestCounters unrouted() {
        return unrouted;
    }

    /** Number of routes. */
    public int size() {
        return size;
    }
}
