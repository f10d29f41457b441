package io.scrimplb.proxy.behaviour;

import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.ChallengeSpec;
import io.scrimplb.proxy.spec.EndpointSpec;
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
import io.scrimplb.proxy.spec.TcpListenerSpec;
import io.scrimplb.proxy.spec.TimeoutSpec;
import io.scrimplb.proxy.spec.TlsSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** Builds specs whose listeners are on loopback and port 0. Timeouts are long unless a test shortens one. */
final class SpecBuilder {
    static final String WEB = "web";
    static final int DEFAULT_WEIGHT = 100;

    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<ListenerSpec> listeners = new ArrayList<>();
    private final List<RouteSpec> routes = new ArrayList<>();
    private final List<UpstreamSpec> upstreams = new ArrayList<>();
    private final List<String> trusted = new ArrayList<>();
    private TlsSpec tls = TlsSpec.NONE;
    private long revision = 1;
    private LimitSpec limits = LimitSpec.defaults();
    private Duration clientHeader = LONG;
    private Duration clientIdle = LONG;
    private Duration connect = Duration.ofSeconds(5);
    private Duration firstByte = LONG;
    private Duration tunnelIdle = LONG;

    /** A spec with nothing in it yet. */
    static SpecBuilder bare() {
        return new SpecBuilder();
    }

    /** A spec with the HTTP listener {@link #WEB}. */
    static SpecBuilder web() {
        return new SpecBuilder().http(WEB, anyPort());
    }

    /** Everything that comes to {@link #WEB} goes to one application, {@code app}, at these addresses in turn. */
    static SpecBuilder webTo(InetSocketAddress... addresses) {
        return web().upstream("app", addresses).route("*", "/", "app");
    }

    /** A TCP listener {@code raw} to one application, {@code app}, at these addresses in turn. */
    static SpecBuilder tcpTo(InetSocketAddress... addresses) {
        return bare().upstream("app", addresses).tcp("raw", "app");
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    static EndpointSpec endpoint(InetSocketAddress address, int weight, boolean suspected) {
        return new EndpointSpec("member-" + address.getPort(), address, weight, suspected);
    }

    SpecBuilder http(String name, InetSocketAddress address) {
        listeners.add(new HttpListenerSpec(name, address));
        return this;
    }

    /** A listener {@link #WEB} with TLS. */
    SpecBuilder tls() {
        return https(WEB, anyPort());
    }

    /** At {@link #WEB}. */
    SpecBuilder passthrough(String host, String upstream) {
        List<PassthroughSpec> all = new ArrayList<>(tls.passthroughs());
        all.add(new PassthroughSpec(WEB, host, upstream));
        return tls(new TlsSpec(tls.certificates(), all, tls.challenges()));
    }

    SpecBuilder https(String name, InetSocketAddress address) {
        listeners.add(new HttpListenerSpec(name, address, true, OptionalInt.empty()));
        return this;
    }

    /** A listener that sends everything on to https at that port. */
    SpecBuilder redirect(String name, int port) {
        listeners.add(new HttpListenerSpec(name, anyPort(), false, OptionalInt.of(port)));
        return this;
    }

    SpecBuilder tls(TlsSpec shown) {
        tls = shown;
        return this;
    }

    SpecBuilder certificates(CertificateSpec... shown) {
        return tls(new TlsSpec(List.of(shown), tls.passthroughs(), tls.challenges()));
    }

    SpecBuilder challenges(ChallengeSpec... under) {
        return tls(new TlsSpec(tls.certificates(), tls.passthroughs(), List.of(under)));
    }

    SpecBuilder upstream(UpstreamSpec spec) {
        upstreams.add(spec);
        return this;
    }

    SpecBuilder tcp(String name, String upstream) {
        return tcp(name, anyPort(), upstream);
    }

    SpecBuilder tcp(String name, InetSocketAddress address, String upstream) {
        listeners.add(new TcpListenerSpec(name, address, upstream));
        return this;
    }

    SpecBuilder upstream(String name, InetSocketAddress... addresses) {
        EndpointSpec[] endpoints = Arrays.stream(addresses)
                .map(address -> endpoint(address, DEFAULT_WEIGHT, false))
                .toArray(EndpointSpec[]::new);
        return upstream(name, BalancePolicy.ROUND_ROBIN, endpoints);
    }

    SpecBuilder upstream(String name, BalancePolicy policy, EndpointSpec... endpoints) {
        upstreams.add(new UpstreamSpec(name, policy, List.of(endpoints)));
        return this;
    }

    /** Like {@link #upstream(String, InetSocketAddress...)}, with endpoints that are told of their clients. */
    SpecBuilder told(ProxyProtocol version, String name, InetSocketAddress... addresses) {
        return upstream(name, new OriginSpec(OriginProtocol.HTTP, OriginTlsSpec.DEFAULT, version), addresses);
    }

    /** Like {@link #upstream(String, InetSocketAddress...)}, with endpoints that are spoken with in that way. */
    SpecBuilder upstream(String name, OriginSpec origin, InetSocketAddress... addresses) {
        upstream(name, addresses);
        UpstreamSpec plain = upstreams.remove(upstreams.size() - 1);
        upstreams.add(new UpstreamSpec(name, plain.policy(), plain.endpoints(), origin, plain.hsts()));
        return this;
    }

    /** Like {@link #webTo}, with endpoints that speak HTTP/2. */
    static SpecBuilder webToHttp2(InetSocketAddress... addresses) {
        return web().upstream("app", OriginSpec.of(OriginProtocol.H2C), addresses)
                .route("*", "/", "app");
    }

    SpecBuilder route(String host, String pathPrefix, String upstream) {
        return route(WEB, host, pathPrefix, upstream);
    }

    SpecBuilder route(String listener, String host, String pathPrefix, String upstream) {
        routes.add(new RouteSpec(listener, host, pathPrefix, upstream));
        return this;
    }

    SpecBuilder trusted(String network) {
        trusted.add(network);
        return this;
    }

    SpecBuilder revision(long number) {
        revision = number;
        return this;
    }

    SpecBuilder limits(int headerBytes, int headerCount, int connections) {
        limits = new LimitSpec(headerBytes, headerCount, connections);
        return this;
    }

    SpecBuilder clientHeader(Duration limit) {
        clientHeader = limit;
        return this;
    }

    SpecBuilder clientIdle(Duration limit) {
        clientIdle = limit;
        return this;
    }

    SpecBuilder connect(Duration limit) {
        connect = limit;
        return this;
    }

    SpecBuilder firstByte(Duration limit) {
        firstByte = limit;
        return this;
    }

    SpecBuilder tunnelIdle(Duration limit) {
        tunnelIdle = limit;
        return this;
    }

    ProxySpec build() {
        TimeoutSpec timeouts = new TimeoutSpec(clientHeader, clientIdle, connect, firstByte, tunnelIdle, LONG);
        return new ProxySpec(revision, listeners, routes, upstreams, tls, limits, timeouts, trusted);
    }

    /** Collects the endpoints of one application with weights and suspicions. */
    static final class Endpoints {
        private final SpecBuilder spec;
        private final String name;
        private final BalancePolicy policy;
        private final List<EndpointSpec> endpoints = new ArrayList<>();

        Endpoints(SpecBuilder spec, String name, BalancePolicy policy) {
            this.spec = spec;
            this.name = name;
            this.policy = policy;
        }

        Endpoints endpoint(InetSocketAddress address, int weight, boolean suspected) {
            endpoints.add(SpecBuilder.endpoint(address, weight, suspected));
            return this;
        }

        SpecBuilder done() {
            return spec.upstream(name, policy, endpoints.toArray(EndpointSpec[]::new));
        }
    }
}
