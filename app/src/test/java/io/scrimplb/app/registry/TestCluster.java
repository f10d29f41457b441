package io.scrimplb.app.registry;

import io.scrimplb.app.certificates.CertificateBoard;
import io.scrimplb.app.certificates.TlsMaterial;
import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.EndpointSpec;
import io.scrimplb.proxy.spec.RouteSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A registry and a cluster that it sees, moved by hand. Members are called by name; addresses are 10.0.0.n. */
public final class TestCluster {
    public static final int DEFAULT_PORT = 8080;
    /** What backends may have opened, as the configuration has it by default. */
    static final List<PortRange> LISTEN_PORTS = List.of(PortRange.of(80), PortRange.of(443), new PortRange(8000, 8999));
    /** What TLS listeners can show: a self-signed certificate. */
    public static final TlsMaterial NO_CERTIFICATES = new CertificateBoard(Clock.systemUTC()).material();
    /** The address of the host that the load balancer runs on, beside loopback. */
    public static final String OWN_HOST = "10.9.9.9";

    public final TestClock clock = new TestClock();
    public final Registry registry;
    private final Map<String, Member> everSeen = new HashMap<>();
    private final Map<String, Member> present = new LinkedHashMap<>();
    private final Map<String, Long> revisions = new HashMap<>();
    private final Member self;

    public TestCluster() {
        this(List.of());
    }

    public TestCluster(List<String> allowedDomains) {
        registry = new Registry(
                policy(allowedDomains), clock, NO_CERTIFICATES, new OwnAddresses(Set.of(address(OWN_HOST)), Set.of()));
        self = member("lb", Role.LOAD_BALANCER);
        present.put("lb", self);
        see();
    }

    public static RegistryPolicy policy(List<String> allowedDomains) {
        return new RegistryPolicy(
                new ClaimPolicy(LISTEN_PORTS, allowedDomains, DEFAULT_PORT, BalancePolicy.P2C, TlsPolicy.OFF),
                Retention.defaults(),
                ForwardingPolicy.defaults(InetAddress.getLoopbackAddress()));
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A backend whose address in the cluster is that one. */
    public TestCluster backendAt(String name, String host, Application... applications) {
        Member member = new Member(name + "-0000", name, Role.BACKEND, new InetSocketAddress(host, 9999));
        everSeen.put(name, member);
        return backend(name, applications);
    }

    private Member member(String name, Role role) {
        return everSeen.computeIfAbsent(name, n -> {
            int number = everSeen.size() + 1;
            return new Member(
                    String.format("%08x-0000", number),
                    n,
                    role,
                    new InetSocketAddress("10.0." + number / 250 + "." + (1 + number % 250), 9999));
        });
    }

    public Member member(String name) {
        return everSeen.get(name);
    }

    public ClusterView currentView(String... suspected) {
        List<String> ids = new ArrayList<>();
        for (String name : suspected) {
            ids.add(everSeen.get(name).id());
        }
        return new ClusterView(self, List.copyOf(present.values()), Set.copyOf(ids));
    }

    /** Shows the registry the present members; those named are suspected. */
    public Registry.ViewOutcome see(String... suspected) {
        return registry.view(currentView(suspected));
    }

    public Registry.ViewOutcome joinBackends(String... names) {
        for (String name : names) {
            present.put(name, member(name, Role.BACKEND));
        }
        return see();
    }

    public Registry.ViewOutcome joinLoadBalancer(String name) {
        present.put(name, member(name, Role.LOAD_BALANCER));
        return see();
    }

    public Registry.ViewOutcome leave(String... names) {
        for (String name : names) {
            present.remove(name);
        }
        return see();
    }

    public Registry.ViewOutcome leaveAll() {
        present.keySet().retainAll(Set.of("lb"));
        return see();
    }

    public boolean announce(String name, Application... applications) {
        return announceAt(name, null, applications);
    }

    public boolean announceAt(String name, @Nullable String advertised, Application... applications) {
        long revision = revisions.merge(name, 1L, Long::sum);
        return announce(name, Claims.UNLIMITED, new Announcement(revision, advertised, List.of(applications)));
    }

    public boolean announce(String name, Claims claims, Announcement announcement) {
        return registry.announced(everSeen.get(name), announcement, claims);
    }

    /** A backend that joined with a token of those limits, and offers. */
    public TestCluster limited(String name, Claims claims, Application... applications) {
        joinBackends(name);
        long revision = revisions.merge(name, 1L, Long::sum);
        announce(name, claims, new Announcement(revision, null, List.of(applications)));
        return this;
    }

    /** A backend that is there and offers. */
    public TestCluster backend(String name, Application... applications) {
        joinBackends(name);
        announce(name, applications);
        return this;
    }

    public void pass(Duration time) {
        clock.advance(time);
        registry.expire();
    }

    public static Application http(String name, String... domains) {
        return application(name, ApplicationProtocol.HTTP, null, List.of("/"), domains);
    }

    public static Application httpAt(int port, String name, String... domains) {
        return application(name, ApplicationProtocol.HTTP, port, List.of("/"), domains);
    }

    /** Reached at that port of its host. */
    public static Application reachedAt(int applicationPort, String name) {
        return new Application(
                name,
                List.of(name + ".test"),
                List.of("/"),
                null,
                applicationPort,
                ApplicationProtocol.HTTP,
                null,
                100,
                null,
                ApplicationOptions.NONE);
    }

    public static Application tcp(String name, @Nullable Integer port) {
        return application(name, ApplicationProtocol.TCP, port, List.of("/"));
    }

    public static Application application(
            String name, ApplicationProtocol protocol, @Nullable Integer port, List<String> paths, String... domains) {
        return new Application(
                name, List.of(domains), paths, port, 3000, protocol, null, 100, null, ApplicationOptions.NONE);
    }

    /** {@code listener host path upstream} of each route. */
    public List<String> routes() {
        return registry.spec().routes().stream().map(TestCluster::text).toList();
    }

    private static String text(RouteSpec route) {
        return route.listener() + " " + route.host() + " " + route.pathPrefix() + " " + route.upstream();
    }

    /** Names of the members behind an upstream, in order; a suspected one with a question mark. */
    public List<String> endpoints(String upstream) {
        return registry.spec().upstreams().stream()
                .filter(u -> u.name().equals(upstream))
                .findFirst()
                .map(UpstreamSpec::endpoints)
                .orElseThrow(() -> new AssertionError("no upstream " + upstream))
                .stream()
                .map(TestCluster::text)
                .toList();
    }

    private static String text(EndpointSpec endpoint) {
        String name = endpoint.member().replaceAll("-[0-9a-f]{8}$", "");
        return endpoint.suspected() ? name + "?" : name;
    }

    public List<String> listeners() {
        return registry.spec().listeners().stream()
                .map(listener -> listener.name() + " "
                        + listener.getClass().getSimpleName().replace("ListenerSpec", ""))
                .toList();
    }

    public List<String> problems() {
        return registry.problems().stream()
                .map(problem -> problem.object() + ": " + problem.message())
                .toList();
    }
}
