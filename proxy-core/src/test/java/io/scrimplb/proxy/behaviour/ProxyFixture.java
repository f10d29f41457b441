package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.ProxyOptions;
import io.scrimplb.proxy.ProxyOptions.TlsEngine;
import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.ProxyServer;
import io.scrimplb.proxy.partners.H2Gateway;
import io.scrimplb.proxy.partners.H2OriginGateway;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.TestAuthority;
import io.scrimplb.proxy.partners.TlsAddresses;
import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.EndpointSpec;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.spec.OriginSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.SpecProblem;
import io.scrimplb.proxy.spec.TlsSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A proxy for one test, and the partners around it. Afterwards the partners are closed first, then every exchange that
 * was begun must have ended (nothing in flight, at the proxy or in an endpoint's counters), then the proxy is closed.
 */
final class ProxyFixture implements BeforeEachCallback, AfterEachCallback {
    private static final Duration SETTLE = Duration.ofSeconds(10);
    /** Short, since every test ends with this wait. */
    private static final Duration POLL = Duration.ofMillis(5);

    private static final CertificateSpec OVER_TLS = TestAuthority.SHARED.ec("localhost", "127.0.0.1");

    private final Deque<AutoCloseable> partners = new ArrayDeque<>();
    private final RecordingAccessLog accessLog = new RecordingAccessLog();
    private Transport transport = Transport.AUTO;
    private int eventLoops = 1;
    private TlsEngine engine = TlsEngine.AUTO;
    private boolean logging;
    private @Nullable H2Gateway gateway;
    private boolean originsByHttp2;
    private final Map<InetSocketAddress, H2OriginGateway> originGateways = new HashMap<>();
    private boolean byTls;
    private final List<InetSocketAddress> secured = new ArrayList<>();
    /** Read by the gateway's threads too. */
    private volatile @Nullable ProxyServer server;

    /** Which transport to use from {@link #start} on, the test being skipped where there is none; AUTO when not called. */
    ProxyFixture on(Transport wanted) {
        transport = wanted;
        ThisMachine.has(wanted);
        return this;
    }

    /** What does TLS from {@link #start} on. */
    ProxyFixture by(TlsEngine wanted) {
        engine = wanted;
        return this;
    }

    /** How many event loops; one when not called, so that pooling and turns are the same in every run. */
    ProxyFixture loops(int count) {
        eventLoops = count;
        return this;
    }

    /** Has an access log written. */
    RecordingAccessLog logged() {
        logging = true;
        return accessLog;
    }

    /** Keeps something to be closed after the test, the last one first. */
    <T extends AutoCloseable> T with(T partner) {
        partners.push(partner);
        return partner;
    }

    /** Starts a proxy with a spec that must be accepted as a whole. */
    ProxyServer start(SpecBuilder spec) {
        assertThat(startWith(spec.build())).isEmpty();
        return server();
    }

    /** Starts a proxy and tells the problems of its spec. */
    List<SpecProblem> startWith(ProxySpec spec) {
        ProxyOptions options = ProxyOptions.defaults()
                .withTransport(transport)
                .withEventLoops(eventLoops)
                .withTlsEngine(engine);
        server = ProxyServer.create(logging ? options.withAccessLog(accessLog) : options);
        return apply(spec);
    }

    /** Where the class asks for it, what the test means in clear text is done by TLS. */
    private List<SpecProblem> apply(ProxySpec asked) {
        ProxySpec spec = originsByHttp2(asked);
        if (!byTls) {
            return server().apply(spec);
        }
        List<ListenerSpec> listeners = new ArrayList<>();
        for (ListenerSpec listener : spec.listeners()) {
            listeners.add(
                    listener instanceof HttpListenerSpec http
                            ? new HttpListenerSpec(http.name(), http.address(), true, http.redirectPort())
                            : listener);
        }
        List<SpecProblem> problems = server().apply(new ProxySpec(
                spec.revision(),
                listeners,
                spec.routes(),
                spec.upstreams(),
                new TlsSpec(List.of(OVER_TLS), List.of(), List.of()),
                spec.limits(),
                spec.timeouts(),
                spec.trustedProxies()));
        for (ListenerSpec listener : listeners) {
            InetSocketAddress bound = server().boundListeners().get(listener.name());
            if (listener instanceof HttpListenerSpec && bound != null) {
                TlsAddresses.add(bound);
                secured.add(bound);
            }
        }
        return problems;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        byTls = AnnotationSupport.isAnnotated(context.getRequiredTestClass(), ByTls.class);
    }

    /** Replaces the spec by another one that must be accepted as a whole. */
    void swap(SpecBuilder spec) {
        assertThat(apply(spec.build())).isEmpty();
    }

    /** Whether {@link #start} is still to be called. */
    boolean isNew() {
        return server == null;
    }

    ProxyServer server() {
        ProxyServer running = server;
        if (running == null) {
            throw new IllegalStateException("start the proxy first");
        }
        return running;
    }

    /** Where the listener {@link SpecBuilder#WEB} is bound. */
    InetSocketAddress web() {
        return address(SpecBuilder.WEB);
    }

    InetSocketAddress address(String listener) {
        InetSocketAddress address = server().boundListeners().get(listener);
        assertThat(address).as("bound address of listener " + listener).isNotNull();
        return address;
    }

    /** Has every client that connects to {@link #entry} speak HTTP/2 to the proxy. */
    void overHttp2() {
        gateway = H2Gateway.to(() -> Optional.ofNullable(server)
                .map(running -> running.boundListeners().get(SpecBuilder.WEB)));
    }

    /** Has the proxy speak HTTP/2 to every origin of HTTP/1.1. */
    void originsOverHttp2() {
        originsByHttp2 = true;
    }

    private ProxySpec originsByHttp2(ProxySpec spec) {
        if (!originsByHttp2) {
            return spec;
        }
        List<UpstreamSpec> upstreams = spec.upstreams().stream()
                .map(upstream -> new UpstreamSpec(
                        upstream.name(),
                        upstream.policy(),
                        upstream.endpoints().stream().map(this::byHttp2).toList(),
                        OriginSpec.of(OriginProtocol.H2C),
                        upstream.hsts()))
                .toList();
        return new ProxySpec(
                spec.revision(),
                spec.listeners(),
                spec.routes(),
                upstreams,
                spec.tls(),
                spec.limits(),
                spec.timeouts(),
                spec.trustedProxies());
    }

    private EndpointSpec byHttp2(EndpointSpec endpoint) {
        InetSocketAddress address = originGateways
                .computeIfAbsent(endpoint.address(), origin -> with(H2OriginGateway.to(origin)))
                .address();
        return new EndpointSpec(endpoint.member(), address, endpoint.weight(), endpoint.suspected());
    }

    /** Where clients connect to {@link #web} by the version of HTTP that the test is about. */
    InetSocketAddress entry() {
        return gateway == null ? web() : gateway.address();
    }

    /** A client connected to {@link #entry}. */
    RawClient client() {
        return with(RawClient.connect(entry()));
    }

    /** Whole requests and sessions that have ended leave nothing behind. */
    void awaitNothingInFlight() {
        ProxyServer running = server();
        await("exchanges in flight to end")
                .atMost(SETTLE)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .untilAsserted(() -> {
                    assertThat(running.activeExchanges()).as("active exchanges").isZero();
                    assertThat(running.traffic().endpoints())
                            .as("endpoints with attempts begun and not ended")
                            .extracting(EndpointCounters::inFlight)
                            .allMatch(count -> count == 0);
                });
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        while (!partners.isEmpty()) {
            partners.pop().close();
        }
        if (gateway != null) {
            gateway.close();
        }
        secured.forEach(TlsAddresses::remove);
        if (server == null) {
            return;
        }
        try (ProxyServer closing = server) {
            awaitNothingInFlight();
        } finally {
            server = null;
        }
    }
}
