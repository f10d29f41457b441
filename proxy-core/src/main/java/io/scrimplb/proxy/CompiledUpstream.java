package io.scrimplb.proxy;

import io.scrimplb.proxy.balance.Balancer;
import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.endpoint.EndpointKey;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.spec.EndpointSpec;
import io.scrimplb.proxy.spec.HstsSpec;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.spec.OriginTlsSpec;
import io.scrimplb.proxy.spec.SpecProblem;
import io.scrimplb.proxy.spec.SpecValidator;
import io.scrimplb.proxy.spec.UpstreamSpec;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import io.scrimplb.proxy.tls.OriginContexts;
import io.scrimplb.proxy.tls.OriginTls;
import io.scrimplb.proxy.tls.TlsContexts;
import io.scrimplb.proxy.upstream.Upstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An upstream as it was last compiled. The next one of its name takes over what outlives a swap: the states and counters of
 * endpoints that stay, the application's counters, the cursor.
 *
 * @param wanted what it was compiled from
 * @param cursor where the balancer goes on
 * @param problems what was left out
 */
record CompiledUpstream(UpstreamSpec wanted, Upstream upstream, AtomicInteger cursor, List<SpecProblem> problems) {

    /** @param contexts those that there are; what is made is added */
    static CompiledUpstream compile(
            UpstreamSpec wanted,
            @Nullable CompiledUpstream before,
            int loops,
            TlsContexts engines,
            Map<OriginTlsSpec, OriginContexts> contexts) {
        String name = wanted.name();
        List<SpecProblem> problems = new ArrayList<>();
        List<EndpointSpec> specs = SpecValidator.endpoints(wanted, problems);
        Map<EndpointKey, EndpointState> states = new HashMap<>();
        // By label and not by key: members that offer the same address share the counters.
        Map<String, EndpointCounters> counters = new HashMap<>();
        if (before != null) {
            // Connections that are kept by a state were made as it was spoken with then.
            boolean same = before.wanted.origin().equals(wanted.origin());
            for (Endpoint endpoint : before.upstream.endpoints()) {
                if (same) {
                    states.put(endpoint.key(), endpoint.state());
                }
                counters.put(
                        endpoint.state().counters().backend(), endpoint.state().counters());
            }
        }
        List<Endpoint> endpoints = new ArrayList<>(specs.size());
        for (EndpointSpec spec : specs) {
            EndpointKey key = new EndpointKey(name, spec.address(), spec.member());
            EndpointState state = states.get(key);
            if (state == null) {
                state = new EndpointState(counters.computeIfAbsent(
                        label(spec.address()), label -> new EndpointCounters(name, label, loops)));
            }
            endpoints.add(new Endpoint(key, spec.weight(), spec.suspected(), state));
        }
        AtomicInteger cursor = before == null ? new AtomicInteger() : before.cursor;
        Upstream upstream = new Upstream(
                name,
                List.copyOf(endpoints),
                Balancer.compile(wanted.policy(), endpoints, cursor),
                wanted.origin(),
                tls(wanted, before, engines, contexts, problems),
                wanted.hsts().map(CompiledUpstream::value).orElse(null),
                before == null ? new ApplicationCounters(name, loops) : before.upstream.counters());
        return new CompiledUpstream(wanted, upstream, cursor, List.copyOf(problems));
    }

    private static @Nullable OriginTls tls(
            UpstreamSpec wanted,
            @Nullable CompiledUpstream before,
            TlsContexts engines,
            Map<OriginTlsSpec, OriginContexts> contexts,
            List<SpecProblem> problems) {
        if (wanted.origin().protocol() != OriginProtocol.HTTPS) {
            return null;
        }
        if (before != null
                && before.upstream.tls() != null
                && before.wanted.origin().equals(wanted.origin())) {
            return before.upstream.tls();
        }
        try {
            return engines.origin(wanted.origin().tls(), contexts);
        } catch (IOException | GeneralSecurityException e) {
            problems.add(new SpecProblem(
                    "upstream " + wanted.name(), "https to its endpoints cannot be had: " + e.getMessage(), false));
            return null;
        }
    }

    private static byte[] value(HstsSpec hsts) {
        String value = "max-age=" + Math.max(0, hsts.maxAge().toSeconds())
                + (hsts.includeSubDomains() ? "; includeSubDomains" : "");
        return value.getBytes(StandardCharsets.US_ASCII);
    }

    private static String label(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
