package io.scrimplb.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.endpoint.EndpointKey;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.Route;
import io.scrimplb.proxy.routing.RouteTable;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.spec.OriginSpec;
import io.scrimplb.proxy.spec.OriginTlsSpec;
import io.scrimplb.proxy.spec.PassthroughSpec;
import io.scrimplb.proxy.spec.ProxyProtocol;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.RouteSpec;
import io.scrimplb.proxy.spec.SpecProblem;
import io.scrimplb.proxy.spec.TimeoutSpec;
import io.scrimplb.proxy.spec.TlsSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import io.scrimplb.proxy.telemetry.RequestCounters;
import io.scrimplb.proxy.tls.Engine;
import io.scrimplb.proxy.tls.OriginContexts;
import io.scrimplb.proxy.tls.TlsContexts;
import io.scrimplb.proxy.transport.TrustedNetworks;
import io.scrimplb.proxy.upstream.Upstream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A spec that is compiled from the one before it is what it would be had there been none before it. */
final class CompiledSpecTest {
    private static final TlsContexts NO_TLS = new TlsContexts(List.of(Engine.JDK), List.of());

    private static final int STEPS = 400;

    private static Snapshot snapshot(CompiledSpec compiled, Map<String, ListenerHandle> handles) {
        Map<ListenerHandle, ListenerSpec> specs = new HashMap<>();
        for (ListenerSpec listener : compiled.listeners()) {
            ListenerHandle handle = handles.computeIfAbsent(
                    listener.name(), name -> new ListenerHandle(name, new ListenerCounters(name, 1)));
            specs.put(handle, listener);
        }
        return compiled.snapshot(specs, TrustedNetworks.NONE);
    }

    /** All that can be seen of a compiled spec, as text that is equal for equal ones. */
    private static Map<String, Object> seen(CompiledSpec compiled) {
        Map<String, ListenerHandle> handles = new TreeMap<>();
        Snapshot snapshot = snapshot(compiled, handles);
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("problems", compiled.problems());
        seen.put("listeners", compiled.listeners());
        seen.put("limits", snapshot.limits());
        seen.put("routes", snapshot.routeCount());
        Map<String, Object> upstreams = new TreeMap<>();
        snapshot.upstreams().forEach((name, upstream) -> upstreams.put(name, text(upstream)));
        seen.put("upstreams", upstreams);
        handles.forEach((name, handle) -> {
            Upstream session = snapshot.session(handle);
            seen.put("session " + name, session == null ? "none" : text(session));
            RouteTable table = snapshot.routes(handle);
            seen.put("table " + name, table == null ? "none" : matches(table));
        });
        seen.put(
                "request counters",
                compiled.requestCounters().stream()
                        .map(CompiledSpecTest::text)
                        .sorted()
                        .toList());
        seen.put(
                "endpoint counters",
                compiled.endpointCounters().stream()
                        .map(counters -> counters.application() + " " + counters.backend())
                        .sorted()
                        .toList());
        seen.put(
                "application counters",
                compiled.applicationCounters().stream()
                        .map(counters -> counters.application())
                        .sorted()
                        .toList());
        return seen;
    }

    private static String text(Upstream upstream) {
        List<String> endpoints = new ArrayList<>();
        for (Endpoint endpoint : upstream.endpoints()) {
            endpoints.add(endpoint.key() + " " + endpoint.weight() + " "
                    + endpoint.state().counters().backend() + " " + endpoint.preferred());
        }
        return upstream.name() + " " + upstream.balancer().getClass().getSimpleName() + " "
                + upstream.counters().application() + " " + endpoints;
    }

    private static String text(RequestCounters counters) {
        return counters.application() + " at " + counters.listener();
    }

    private static Map<String, String> matches(RouteTable table) {
        Map<String, String> matches = new TreeMap<>();
        for (String host : RandomSpecs.REQUEST_HOSTS) {
            for (String path : RandomSpecs.REQUEST_PATHS) {
                byte[] hostBytes = host.getBytes(US_ASCII);
                byte[] pathBytes = path.getBytes(US_ASCII);
                Route route = table.match(hostBytes, 0, hostBytes.length, pathBytes, 0, pathBytes.length);
                if (route != null) {
                    matches.put(host + path, text(route.upstream()) + " counted under " + text(route.counters()));
                }
            }
        }
        return matches;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aSequenceOfSpecsCompilesAsEachWouldAlone(long seed) {
        RandomSpecs specs = new RandomSpecs(new Random(seed));
        CompiledSpec compiled = CompiledSpec.empty(1, NO_TLS);
        int routed = 0;
        int problems = 0;
        for (int step = 0; step < STEPS; step++) {
            ProxySpec spec = specs.next();
            compiled = compiled.next(spec);

            Map<String, Object> alone = seen(CompiledSpec.empty(1, NO_TLS).next(spec));
            assertThat(seen(compiled))
                    .as("seed %d, step %d, %s", seed, step, spec)
                    .isEqualTo(alone);
            routed += (Integer) alone.get("routes") > 0 ? 1 : 0;
            problems += compiled.problems().isEmpty() ? 0 : 1;
        }
        assertThat(routed).as("specs with routes").isGreaterThan(STEPS / 2);
        assertThat(problems).as("specs with problems").isBetween(STEPS / 10, STEPS - 10);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void whatStaysKeepsItsStateAndWhatGoesIsRetired(long seed) {
        RandomSpecs specs = new RandomSpecs(new Random(seed));
        CompiledSpec compiled = CompiledSpec.empty(1, NO_TLS);
        Map<EndpointKey, EndpointState> states = new HashMap<>();
        Map<String, RequestCounters> requests = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            compiled = compiled.next(specs.next());
            compiled.retireVanished();

            Map<EndpointKey, EndpointState> now = new HashMap<>();
            snapshot(compiled, new HashMap<>())
                    .upstreams()
                    .values()
                    .forEach(upstream ->
                            upstream.endpoints().forEach(endpoint -> now.put(endpoint.key(), endpoint.state())));
            Map<String, RequestCounters> requestsNow = new HashMap<>();
            compiled.requestCounters().forEach(counters -> requestsNow.put(text(counters), counters));
            String context = "seed " + seed + ", step " + step;
            states.forEach((key, state) -> {
                EndpointState there = now.get(key);
                assertThat(state.retired()).as(context).isEqualTo(there == null);
                assertThat(there == null || there == state).as(context).isTrue();
            });
            assertThat(now.values()).as(context).noneMatch(EndpointState::retired);
            requests.forEach((name, counters) -> assertThat(requestsNow.getOrDefault(name, counters))
                    .as(context)
                    .isSameAs(counters));
            states.clear();
            states.putAll(now);
            requests.clear();
            requests.putAll(requestsNow);
        }
    }

    @Test
    void anUpstreamThatHasNotChangedStaysTheSameObjectAlsoWhenItsSpecIsMadeAnew() {
        ManyApplications applications = new ManyApplications(5);
        CompiledSpec before = CompiledSpec.empty(1, NO_TLS).next(applications.spec());
        applications.change(2);
        Map<String, Upstream> upstreams = snapshot(before, new HashMap<>()).upstreams();

        Map<String, Upstream> after = snapshot(before.next(applications.newlyMadeSpec()), new HashMap<>())
                .upstreams();

        assertThat(after.get(ManyApplications.name(1))).isSameAs(upstreams.get(ManyApplications.name(1)));
        assertThat(after.get(ManyApplications.name(2))).isNotSameAs(upstreams.get(ManyApplications.name(2)));
        assertThat(after.get(ManyApplications.name(2)).counters())
                .isSameAs(upstreams.get(ManyApplications.name(2)).counters());
    }

    @Test
    void aCompilationThatIsNotPutInForceLeavesNoTrace() {
        ManyApplications applications = new ManyApplications(3);
        ProxySpec spec = applications.spec();
        CompiledSpec before = CompiledSpec.empty(1, NO_TLS).next(spec);
        Map<String, Object> seenBefore = seen(before);
        applications.remove(1);

        before.next(applications.spec());

        assertThat(seen(before)).isEqualTo(seenBefore);
        assertThat(snapshot(before, new HashMap<>()).upstreams().values())
                .flatExtracting(Upstream::endpoints)
                .noneMatch(endpoint -> ((Endpoint) endpoint).state().retired());
    }

    private static ProxySpec https(String... serverNames) {
        List<UpstreamSpec> upstreams = new ArrayList<>();
        for (String name : serverNames) {
            OriginTlsSpec tls = new OriginTlsSpec(List.of(), Optional.of(name), name.endsWith(".insecure"));
            upstreams.add(new UpstreamSpec(
                    name,
                    BalancePolicy.P2C,
                    List.of(),
                    new OriginSpec(OriginProtocol.HTTPS, tls, ProxyProtocol.NONE),
                    Optional.empty()));
        }
        return new ProxySpec(
                1, List.of(), List.of(), upstreams, LimitSpec.defaults(), TimeoutSpec.defaults(), List.of());
    }

    private static OriginContexts contexts(CompiledSpec compiled, String upstream) {
        return snapshot(compiled, new HashMap<>())
                .upstreams()
                .get(upstream)
                .tls()
                .contexts();
    }

    @Test
    void upstreamsThatTrustTheSameShareTheirContextsAlsoWithThoseThatComeLater() {
        CompiledSpec first = CompiledSpec.empty(1, NO_TLS).next(https("a.test", "b.test", "c.insecure"));
        CompiledSpec second = first.next(https("b.test", "d.test"));

        assertThat(contexts(first, "b.test")).isSameAs(contexts(first, "a.test"));
        assertThat(contexts(first, "c.insecure")).isNotSameAs(contexts(first, "a.test"));
        assertThat(contexts(second, "d.test")).isSameAs(contexts(first, "a.test"));
        assertThat(contexts(second.next(https()).next(https("e.test")), "e.test"))
                .as("of upstreams that are gone nothing is kept")
                .isNotSameAs(contexts(first, "a.test"));
    }

    @Test
    void aRouteToAnUpstreamThatSpeaksNoHttpIsLeftOutUntilItDoes() {
        ListenerSpec web = new HttpListenerSpec("web", new InetSocketAddress("127.0.0.1", 7000));
        ListenerSpec secure =
                new HttpListenerSpec("secure", new InetSocketAddress("127.0.0.1", 7001), true, OptionalInt.empty());
        List<RouteSpec> routes = List.of(new RouteSpec("web", "a.test", "/", "app"));
        TlsSpec tls = new TlsSpec(List.of(), List.of(new PassthroughSpec("secure", "b.test", "app")), List.of());
        Function<OriginProtocol, ProxySpec> speaking = protocol -> new ProxySpec(
                1,
                List.of(web, secure),
                routes,
                List.of(new UpstreamSpec(
                        "app", BalancePolicy.P2C, List.of(), OriginSpec.of(protocol), Optional.empty())),
                tls,
                LimitSpec.defaults(),
                TimeoutSpec.defaults(),
                List.of());

        CompiledSpec raw = CompiledSpec.empty(1, NO_TLS).next(speaking.apply(OriginProtocol.RAW));
        CompiledSpec http = raw.next(speaking.apply(OriginProtocol.HTTP));

        assertThat(raw.problems())
                .containsExactly(new SpecProblem("route a.test/ at web to app", "the upstream speaks no HTTP", false));
        assertThat(http.problems()).isEmpty();
        assertThat(http.next(speaking.apply(OriginProtocol.RAW)).problems()).isEqualTo(raw.problems());
    }

    @Test
    void theListenerSpecOfAHandleDecidesWhatItFinds() {
        ManyApplications applications = new ManyApplications(1);
        CompiledSpec compiled = CompiledSpec.empty(1, NO_TLS).next(applications.spec());
        ListenerHandle unknown = new ListenerHandle("other", new ListenerCounters("other", 1));
        ListenerSpec spec =
                new HttpListenerSpec("other", compiled.listeners().get(0).address());

        RouteTable table =
                compiled.snapshot(Map.of(unknown, spec), TrustedNetworks.NONE).routes(unknown);

        assertThat(table).isNotNull();
        assertThat(table.size()).isZero();
    }
}
