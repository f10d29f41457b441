package io.scrimplb.proxy;

import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.spec.OriginTlsSpec;
import io.scrimplb.proxy.spec.SpecProblem;
import io.scrimplb.proxy.spec.SpecValidator;
import io.scrimplb.proxy.spec.UpstreamSpec;
import io.scrimplb.proxy.tls.OriginContexts;
import io.scrimplb.proxy.tls.OriginTls;
import io.scrimplb.proxy.tls.TlsContexts;
import io.scrimplb.proxy.upstream.Upstream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The upstreams of a spec. Immutable; those of the next spec are made from these, and only what has changed is made anew.
 */
final class CompiledUpstreams {
    private final int loops;
    private final TlsContexts engines;
    private final Map<String, CompiledUpstream> compiled;
    private final Map<String, Upstream> byName;

    /** Those in use, by what they trust. */
    private final Map<OriginTlsSpec, OriginContexts> contexts;

    private final List<SpecProblem> problems;
    private final Set<String> changed;
    private final List<EndpointState> vanished;

    private CompiledUpstreams(
            int loops,
            TlsContexts engines,
            Map<String, CompiledUpstream> compiled,
            Map<String, Upstream> byName,
            Map<OriginTlsSpec, OriginContexts> contexts,
            List<SpecProblem> problems,
            Set<String> changed,
            List<EndpointState> vanished) {
        this.loops = loops;
        this.engines = engines;
        this.compiled = compiled;
        this.byName = Collections.unmodifiableMap(byName);
        this.contexts = contexts;
        this.problems = problems;
        this.changed = changed;
        this.vanished = vanished;
    }

    static CompiledUpstreams none(int loops, TlsContexts engines) {
        return new CompiledUpstreams(loops, engines, Map.of(), Map.of(), Map.of(), List.of(), Set.of(), List.of());
    }

    CompiledUpstreams next(List<UpstreamSpec> wanted) {
        Map<String, CompiledUpstream> next = new HashMap<>(wanted.size() * 2);
        Map<String, Upstream> nextByName = new HashMap<>(wanted.size() * 2);
        Map<OriginTlsSpec, OriginContexts> known = new HashMap<>(contexts);
        Map<OriginTlsSpec, OriginContexts> used = new HashMap<>();
        List<SpecProblem> found = new ArrayList<>();
        Set<String> different = new HashSet<>();
        List<EndpointState> gone = new ArrayList<>();
        int kept = 0;
        for (UpstreamSpec spec : wanted) {
            String name = spec.name();
            if (!SpecValidator.upstreamName(name, next.keySet(), found)) {
                continue;
            }
            CompiledUpstream before = compiled.get(name);
            CompiledUpstream now;
            if (before != null && before.wanted().equals(spec)) {
                now = before;
            } else {
                now = CompiledUpstream.compile(spec, before, loops, engines, known);
                different.add(name);
                collectVanished(before, now, gone);
            }
            OriginTls tls = now.upstream().tls();
            if (tls != null) {
                used.put(tls.contexts().trust(), tls.contexts());
            }
            kept += before == null ? 0 : 1;
            next.put(name, now);
            nextByName.put(name, now.upstream());
            found.addAll(now.problems());
        }
        if (kept < compiled.size()) {
            compiled.forEach((name, before) -> {
                if (!next.containsKey(name)) {
                    different.add(name);
                    collectVanished(before, null, gone);
                }
            });
        }
        return new CompiledUpstreams(loops, engines, next, nextByName, used, found, different, gone);
    }

    private static void collectVanished(
            @Nullable CompiledUpstream before, @Nullable CompiledUpstream now, List<EndpointState> vanished) {
        if (before == null) {
            return;
        }
        Set<EndpointState> staying = Collections.newSetFromMap(new IdentityHashMap<>());
        if (now != null) {
            for (Endpoint endpoint : now.upstream().endpoints()) {
                staying.add(endpoint.state());
            }
        }
        for (Endpoint endpoint : before.upstream().endpoints()) {
            if (!staying.contains(endpoint.state())) {
                vanished.add(endpoint.state());
            }
        }
    }

    Map<String, Upstream> byName() {
        return byName;
    }

    /** An upstream that is there. */
    Upstream get(String name) {
        return Objects.requireNonNull(byName.get(name));
    }

    /** How the upstream of a name is spoken with; null when there is none. */
    @Nullable
    OriginProtocol protocol(String name) {
        Upstream there = byName.get(name);
        return there == null ? null : there.origin().protocol();
    }

    Collection<Upstream> all() {
        return byName.values();
    }

    List<SpecProblem> problems() {
        return problems;
    }

    /** Names of those that are new, other than before, or gone. */
    Set<String> changed() {
        return changed;
    }

    /** States of endpoints that were there before and are no more. */
    List<EndpointState> vanished() {
        return vanished;
    }
}
