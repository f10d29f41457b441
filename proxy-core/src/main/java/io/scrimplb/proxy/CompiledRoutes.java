package io.scrimplb.proxy;

import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.spec.RouteDifference;
import io.scrimplb.proxy.spec.RouteSpec;
import io.scrimplb.proxy.spec.SpecProblem;
import io.scrimplb.proxy.spec.SpecValidator;
import io.scrimplb.proxy.upstream.Upstream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a spec, for each HTTP listener. Immutable; those of the next spec are made from these. The unit of change is
 * a host: when a route of it comes or goes, one of its upstreams or listeners changes, or something is wrong with it, its
 * routes are checked and compiled again; those of all other hosts are taken over. Passthroughs are compiled as routes of the path
 * {@code /}, in an object of their own.
 */
final class CompiledRoutes {
    /** Finds the valid ones among the routes of one host; see {@link SpecValidator#routes}. */
    @FunctionalInterface
    interface Check {
        List<RouteSpec> valid(
                List<RouteSpec> routes,
                Set<String> listeners,
                Function<String, @Nullable OriginProtocol> upstreams,
                List<SpecProblem> problems);
    }

    private final Check check;
    private final int loops;
    private final List<RouteSpec> wanted;
    private final Map<String, ListenerRoutes> listeners;
    private final SortedMap<String, List<SpecProblem>> problems;

    private CompiledRoutes(
            Check check,
            int loops,
            List<RouteSpec> wanted,
            Map<String, ListenerRoutes> listeners,
            SortedMap<String, List<SpecProblem>> problems) {
        this.check = check;
        this.loops = loops;
        this.wanted = wanted;
        this.listeners = listeners;
        this.problems = problems;
    }

    static CompiledRoutes none(int loops) {
        return new CompiledRoutes(SpecValidator::routes, loops, List.of(), Map.of(), new TreeMap<>());
    }

    static CompiledRoutes noPassthroughs(int loops) {
        return new CompiledRoutes(SpecValidator::passthroughs, loops, List.of(), Map.of(), new TreeMap<>());
    }

    /**
     * @param httpListeners names of the valid listeners of the right kind
     * @param upstreams the upstreams of the next spec
     */
    CompiledRoutes next(List<RouteSpec> routes, Set<String> httpListeners, CompiledUpstreams upstreams) {
        Map<String, List<RouteSpec>> hosts = changedHosts(routes, httpListeners, upstreams.changed());
        // By listener, host and path prefix.
        Map<String, Map<String, Map<String, Upstream>>> targets = new HashMap<>();
        SortedMap<String, List<SpecProblem>> nextProblems = new TreeMap<>(problems);
        hosts.forEach((host, ofHost) -> {
            List<SpecProblem> found = new ArrayList<>();
            for (RouteSpec route : check.valid(ofHost, httpListeners, upstreams::protocol, found)) {
                targets.computeIfAbsent(route.listener(), listener -> new HashMap<>())
                        .computeIfAbsent(host, name -> new HashMap<>())
                        .put(route.pathPrefix(), upstreams.get(route.upstream()));
            }
            if (found.isEmpty()) {
                nextProblems.remove(host);
            } else {
                nextProblems.put(host, found);
            }
        });
        Map<String, ListenerRoutes> nextListeners = new HashMap<>();
        for (String listener : httpListeners) {
            ListenerRoutes before = listeners.get(listener);
            ListenerRoutes base = before == null ? ListenerRoutes.none(listener, loops) : before;
            nextListeners.put(listener, base.with(hosts.keySet(), targets.getOrDefault(listener, Map.of())));
        }
        return new CompiledRoutes(check, loops, routes, nextListeners, nextProblems);
    }

    /** The hosts to compile again, each with all its routes in the order of the spec; none if it is gone. */
    private Map<String, List<RouteSpec>> changedHosts(
            List<RouteSpec> routes, Set<String> httpListeners, Set<String> changedUpstreams) {
        Map<String, List<RouteSpec>> hosts = new HashMap<>();
        for (RouteSpec route : RouteDifference.between(wanted, routes)) {
            hosts.putIfAbsent(route.host(), new ArrayList<>());
        }
        // The difference ignores order. It counts where routes exclude each other, and such a host has a problem.
        problems.keySet().forEach(host -> hosts.putIfAbsent(host, new ArrayList<>()));
        Set<String> changedListeners = listenersOnlyOneHas(httpListeners);
        if (!changedUpstreams.isEmpty() || !changedListeners.isEmpty()) {
            for (RouteSpec route : routes) {
                if (changedUpstreams.contains(route.upstream()) || changedListeners.contains(route.listener())) {
                    hosts.putIfAbsent(route.host(), new ArrayList<>());
                }
            }
        }
        if (!hosts.isEmpty()) {
            for (RouteSpec route : routes) {
                List<RouteSpec> ofHost = hosts.get(route.host());
                if (ofHost != null) {
                    ofHost.add(route);
                }
            }
        }
        return hosts;
    }

    private Set<String> listenersOnlyOneHas(Set<String> httpListeners) {
        Set<String> difference = new HashSet<>();
        for (String listener : httpListeners) {
            if (!listeners.containsKey(listener)) {
                difference.add(listener);
            }
        }
        for (String listener : listeners.keySet()) {
            if (!httpListeners.contains(listener)) {
                difference.add(listener);
            }
        }
        return difference;
    }

    /** The routes of each HTTP listener by its name. */
    Map<String, ListenerRoutes> byListener() {
        return listeners;
    }

    /** What was left out, by host. */
    Collection<List<SpecProblem>> problems() {
        return problems.values();
    }
}
