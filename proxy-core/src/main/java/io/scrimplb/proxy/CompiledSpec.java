package io.scrimplb.proxy;

import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.RouteTable;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.RouteSpec;
import io.scrimplb.proxy.spec.SpecProblem;
import io.scrimplb.proxy.spec.SpecValidator;
import io.scrimplb.proxy.spec.TcpListenerSpec;
import io.scrimplb.proxy.spec.TimeoutSpec;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import io.scrimplb.proxy.telemetry.RequestCounters;
import io.scrimplb.proxy.tls.CompiledTls;
import io.scrimplb.proxy.tls.TlsContexts;
import io.scrimplb.proxy.transport.TrustedNetworks;
import io.scrimplb.proxy.upstream.Upstream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The valid part of a spec in compiled form. Immutable; the next one is made from this one, and nothing of this one changes
 * by that, so that a compilation that fails leaves no trace. What must outlive a swap (states, counters, cursors) goes from
 * one to the next with the upstream or the listener that it belongs to, and is forgotten with it.
 */
final class CompiledSpec {
    private final int loops;
    private final long revision;
    private final CompiledUpstreams upstreams;
    private final List<ListenerSpec> listeners;
    private final CompiledRoutes routes;
    private final CompiledRoutes passthroughs;
    private final CompiledTls tls;
    private final LimitSpec limits;
    private final TimeoutSpec timeouts;
    private final List<SpecProblem> problems;

    private CompiledSpec(
            int loops,
            ProxySpec wanted,
            CompiledUpstreams upstreams,
            List<ListenerSpec> listeners,
            CompiledRoutes routes,
            CompiledRoutes passthroughs,
            CompiledTls tls,
            List<SpecProblem> problems) {
        this.loops = loops;
        this.revision = wanted.revision();
        this.upstreams = upstreams;
        this.listeners = listeners;
        this.routes = routes;
        this.passthroughs = passthroughs;
        this.tls = tls;
        this.limits = SpecValidator.limits(wanted.limits(), problems);
        this.timeouts = SpecValidator.timeouts(wanted.timeouts(), problems);
        this.problems = List.copyOf(problems);
    }

    /** What the spec with nothing in it compiles to. */
    static CompiledSpec empty(int loops, TlsContexts engines) {
        return new CompiledSpec(
                loops,
                ProxySpec.empty(),
                CompiledUpstreams.none(loops, engines),
                List.of(),
                CompiledRoutes.none(loops),
                CompiledRoutes.noPassthroughs(loops),
                CompiledTls.none(engines),
                new ArrayList<>());
    }

    /** Compiles the spec that follows on this one; takes time for what differs, and a glance for what does not. */
    CompiledSpec next(ProxySpec wanted) {
        CompiledUpstreams nextUpstreams = upstreams.next(wanted.upstreams());
        List<SpecProblem> found = new ArrayList<>(nextUpstreams.problems());
        List<ListenerSpec> nextListeners = SpecValidator.listeners(
                wanted.listeners(), nextUpstreams.byName().keySet(), found);
        Set<String> http = new HashSet<>();
        Set<String> secured = new HashSet<>();
        for (ListenerSpec listener : nextListeners) {
            if (listener instanceof HttpListenerSpec speaking) {
                http.add(listener.name());
                if (speaking.tls()) {
                    secured.add(listener.name());
                }
            }
        }
        CompiledRoutes nextRoutes = routes.next(wanted.routes(), http, nextUpstreams);
        nextRoutes.problems().forEach(found::addAll);
        CompiledRoutes nextPassthroughs = passthroughs.next(
                wanted.tls().passthroughs().stream()
                        .map(one -> new RouteSpec(one.listener(), one.host(), "/", one.upstream()))
                        .toList(),
                secured,
                nextUpstreams);
        nextPassthroughs.problems().forEach(found::addAll);
        CompiledTls nextTls = tls.next(wanted.tls());
        found.addAll(nextTls.problems());
        return new CompiledSpec(
                loops, wanted, nextUpstreams, nextListeners, nextRoutes, nextPassthroughs, nextTls, found);
    }

    CompiledTls tls() {
        return tls;
    }

    /** The valid listeners, by name. */
    List<ListenerSpec> listeners() {
        return listeners;
    }

    /** What was left out, and why. */
    List<SpecProblem> problems() {
        return problems;
    }

    /**
     * What the data side reads.
     *
     * @param handles the listeners that shall find their routes in it, each with its spec
     * @param trusted the spec's trusted networks
     */
    Snapshot snapshot(Map<ListenerHandle, ListenerSpec> handles, TrustedNetworks trusted) {
        Map<ListenerHandle, RouteTable> tables = new HashMap<>();
        Map<ListenerHandle, HttpListenerSpec> http = new HashMap<>();
        Map<ListenerHandle, Upstream> sessions = new HashMap<>();
        Map<ListenerHandle, RouteTable> passed = new HashMap<>();
        handles.forEach((handle, listener) -> {
            if (listener instanceof TcpListenerSpec tcp) {
                Upstream upstream = upstreams.byName().get(tcp.upstream());
                if (upstream != null) {
                    sessions.put(handle, upstream);
                }
            } else if (listener instanceof HttpListenerSpec spec) {
                http.put(handle, spec);
                ListenerRoutes found = routes.byListener().get(listener.name());
                tables.put(handle, (found == null ? ListenerRoutes.none(listener.name(), loops) : found).table());
                ListenerRoutes undecrypted = passthroughs.byListener().get(listener.name());
                if (undecrypted != null) {
                    passed.put(handle, undecrypted.table());
                }
            }
        });
        return new Snapshot(
                revision, tables, http, sessions, passed, upstreams.byName(), tls.table(), limits, timeouts, trusted);
    }

    /** To be called after the swap: connections to endpoints that this spec no longer has are not kept. */
    void retireVanished() {
        upstreams.vanished().forEach(EndpointState::retire);
    }

    Collection<EndpointCounters> endpointCounters() {
        Set<EndpointCounters> all = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Upstream upstream : upstreams.all()) {
            for (Endpoint endpoint : upstream.endpoints()) {
                all.add(endpoint.state().counters());
            }
        }
        return all;
    }

    Collection<RequestCounters> requestCounters() {
        List<RequestCounters> all = new ArrayList<>();
        routes.byListener().values().forEach(listener -> listener.forEachCounters(all::add));
        return all;
    }

    Collection<ApplicationCounters> applicationCounters() {
        List<ApplicationCounters> all = new ArrayList<>();
        for (Upstream upstream : upstreams.all()) {
            all.add(upstream.counters());
        }
        return all;
    }
}
