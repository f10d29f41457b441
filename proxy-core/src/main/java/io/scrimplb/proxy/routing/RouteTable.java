package io.scrimplb.proxy.routing;

import io.scrimplb.proxy.telemetry.RequestCounters;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one listener: exact hosts, then wildcards with the longest suffix first, then the default; within a host the
 * longest path prefix. A host whose paths do not match falls through to the next that does. Immutable; any thread.
 */
public final class RouteTable {
    private final HostIndex exact;
    private final HostIndex wildcards;
    private final boolean anyWildcards;
    private final @Nullable PathIndex anyHost;
    private final RequestCounters unrouted;
    private final int size;

    private RouteTable(
            HostIndex exact,
            HostIndex wildcards,
            boolean anyWildcards,
            @Nullable PathIndex anyHost,
            RequestCounters unrouted,
            int size) {
        this.exact = exact;
        this.wildcards = wildcards;
        this.anyWildcards = anyWildcards;
        this.anyHost = anyHost;
        this.unrouted = unrouted;
        this.size = size;
    }

    /**
     * Finds the route of a request.
     *
     * @param host bytes that hold the host name without a port; length 0 when the request named none
     * @param path bytes that hold the normalised path
     */
    public @Nullable Route match(
            byte[] host, int hostOffset, int hostLength, byte[] path, int pathOffset, int pathLength) {
        PathIndex paths = exact.get(host, hostOffset, hostLength);
        Route route = paths == null ? null : paths.match(path, pathOffset, pathLength);
        if (route != null) {
            return route;
        }
        if (anyWildcards) {
            for (int i = 1; i < hostLength; i++) {
                if (host[hostOffset + i] == '.') {
                    paths = wildcards.get(host, hostOffset + i, hostLength - i);
                    route = paths == null ? null : paths.match(path, pathOffset, pathLength);
                    if (route != null) {
                        return route;
                    }
                }
            }
        }
        return anyHost == null ? null : anyHost.match(path, pathOffset, pathLength);
    }

    /** What requests are counted under that no route takes. */
    public RequestCounters unrouted() {
        return unrouted;
    }

    /** Number of routes. */
    public int size() {
        return size;
    }

    /** Collects the routes of a listener; used once, on the control thread. */
    public static final class Builder {
        private final Map<String, Map<String, Route>> exact = new HashMap<>();
        private final Map<String, Map<String, Route>> wildcards = new HashMap<>();
        private final Map<String, Route> anyHost = new HashMap<>();
        private int size;

        /** Adds a route; false when the same host and path is taken already. The host is lower case. */
        public boolean add(String host, String pathPrefix, Route route) {
            Map<String, Route> paths;
            if (host.equals("*")) {
                paths = anyHost;
            } else if (host.startsWith("*.")) {
                paths = wildcards.computeIfAbsent(host.substring(1), h -> new HashMap<>());
            } else {
                paths = exact.computeIfAbsent(host, h -> new HashMap<>());
            }
            if (paths.putIfAbsent(pathPrefix, route) != null) {
                return false;
            }
            size++;
            return true;
        }

        public RouteTable build(RequestCounters unrouted) {
            return new RouteTable(
                    new HostIndex(compile(exact)),
                    new HostIndex(compile(wildcards)),
                    !wildcards.isEmpty(),
                    anyHost.isEmpty() ? null : new PathIndex(anyHost),
                    unrouted,
                    size);
        }

        private static Map<String, PathIndex> compile(Map<String, Map<String, Route>> hosts) {
            Map<String, PathIndex> compiled = new HashMap<>();
            hosts.forEach((host, paths) -> compiled.put(host, new PathIndex(paths)));
            return compiled;
        }
    }
}
