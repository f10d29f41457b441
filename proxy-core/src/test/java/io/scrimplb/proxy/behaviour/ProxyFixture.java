package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.ProxyOptions;
import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.ProxyServer;
import io.scrimplb.proxy.partners.H2Gateway;
import io.scrimplb.proxy.partners.H2OriginGateway;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.spec.EndpointSpec;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.spec.OriginSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.SpecProblem;
import io.scrimplb.proxy.spec.UpstreamSpec;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A proxy for one test, and the partners around it. Afterwards the partners are closed first, then every exchange that
 * was begun must have ended (nothing in flight, at the proxy or in an endpoint's counters), then the proxy is closed.
 */
final class ProxyFixture implements AfterEachCallback {
    private static final Duration SETTLE = Duration.ofSeconds(10);
    /** Short, since every test ends with this wait. */
    private static final Duration POLL = Duration.ofMillis(5);

    private final Deque<AutoCloseable> partners = new ArrayDeque<>();
    private final RecordingAccessLog accessLog = new RecordingAccessLog();
    private Transport transport = Transport.AUTO;
    private int eventLoops = 1;
    private boolean logging;
    private @Nullable H2Gateway gateway;
    private boolean originsByHttp2;
    private final Map<InetSocketAddress, H2OriginGateway> originGateways = new HashMap<>();
    private @Nullable ProxyServer server;

    /** Which transport to use from {@link #start} on, the test being skipped where there is none; AUTO when not called. */
    ProxyFixture on(Transport wanted) {
        transport = wanted;
        ThisMachine.has(wanted);
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
        ProxyOptions options = ProxyOptions.defaults().withTransport(transport).withEventLoops(eventLoops);
        server = ProxyServer.create(logging ? options.withAccessLog(accessLog) : options);
        return server.apply(originsByHttp2(spec));
    }

    /** Replaces the spec by another one that must be accepted as a whole. */
    void swap(SpecBuilder spec) {
        assertThat(server().apply(originsByHttp2(spec.build()))).isEmpty();
    }

    ProxyServer server() {
        if (server == null) {
            throw new IllegalStateException("start the proxy first");
        }
        return server;
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
        gateway = H2Gateway.to(this::web);
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
        InetSocketAddress address = originGateways.computeIfAbsent(
                        endpoint.address(), origin -> with(H2OriginGateway.to(origin)))
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
