package io.scrimplb.app.registry;

import io.scrimplb.app.certificates.TlsMaterial;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.membership.Claims;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.EndpointSpec;
import io.scrimplb.proxy.spec.HstsSpec;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.PassthroughSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.RouteSpec;
import io.scrimplb.proxy.spec.TcpListenerSpec;
import io.scrimplb.proxy.spec.TlsSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes the spec: listeners by port, routes by port, host and path, upstreams by name, endpoints by member and
 * address. The order depends on what is known alone, not on the order in which it became known.
 */
final class Derivation {
    private static final Comparator<EndpointSpec> ENDPOINT_ORDER = Comparator.comparing(EndpointSpec::member)
            .thenComparing(endpoint -> endpoint.address().toString());

    private final RegistryPolicy policy;
    private final OwnAddresses own;

    Derivation(RegistryPolicy policy, OwnAddresses own) {
        this.policy = policy;
        this.own = own;
    }

    /**
     * @param suspected handles of the members that are suspected
     * @param material what TLS listeners can show
     * @param findings is told of the endpoints that are left out
     */
    ProxySpec derive(
            ClaimTable table,
            Map<String, KnownApplication> applications,
            Set<String> suspected,
            TlsMaterial material,
            List<ProblemFinder.Finding> findings) {
        SortedMap<Integer, ListenerSpec> listeners = new TreeMap<>();
        List<RouteSpec> routes = new ArrayList<>();
        List<PassthroughSpec> passthroughs = new ArrayList<>();
        Map<String, Set<String>> used = new TreeMap<>();
        TlsPolicy tls = policy.claims().tls();
        ForwardingPolicy forwarding = policy.forwarding();
        int defaultPort = policy.claims().defaultListenPort();
        listeners.put(defaultPort, httpListener(defaultPort, tls.terminates(defaultPort)));
        tls.redirectPort().stream().filter(tls::redirects).forEach(port -> listeners.put(port, redirect(port)));
        table.ports().forEach((port, claims) -> {
            String listener = Integer.toString(port);
            if (claims.tcpHolder().isPresent()) {
                String holder = claims.tcpHolder().get();
                listeners.put(port, new TcpListenerSpec(listener, bindAddress(port), holder));
                used.computeIfAbsent(holder, name -> new HashSet<>());
                return;
            }
            claims.forEachHolder((claim, holder) -> {
                routes.add(new RouteSpec(listener, claim.host(), claim.path(), holder));
                if (port == tls.httpsPort() && !forwarding.trustedProxies().isEmpty()) {
                    // What a trusted proxy got by https and passes on in clear text is served there, not sent back to
                    // https.
                    tls.redirectPort().stream()
                            .filter(tls::redirects)
                            .forEach(plain -> routes.add(
                                    new RouteSpec(Integer.toString(plain), claim.host(), claim.path(), holder)));
                }
                used.computeIfAbsent(holder, name -> new HashSet<>()).add(claim.host());
            });
            claims.forEachPassthrough((host, holder) -> {
                passthroughs.add(new PassthroughSpec(listener, host, holder));
                used.computeIfAbsent(holder, name -> new HashSet<>());
            });
            if (!tls.redirects(port)) {
                listeners.put(port, httpListener(port, claims.speaksTls()));
            }
        });
        List<UpstreamSpec> upstreams = new ArrayList<>();
        used.forEach((name, hosts) -> {
            KnownApplication application = Objects.requireNonNull(applications.get(name));
            upstreams.add(upstream(application, hosts, suspected, listeners, findings));
        });
        List<CertificateSpec> certificates = certificates(listeners.values(), routes, material, findings);
        return new ProxySpec(
                0,
                List.copyOf(listeners.values()),
                routes,
                upstreams,
                new TlsSpec(certificates, passthroughs, material.challenges()),
                forwarding.limits(),
                forwarding.timeouts(),
                forwarding.trustedProxies());
    }

    /** Those that there are; a self-signed one where a listener would have none to show. */
    private List<CertificateSpec> certificates(
            Collection<ListenerSpec> listeners,
            List<RouteSpec> routes,
            TlsMaterial material,
            List<ProblemFinder.Finding> findings) {
        Set<String> encrypted = encryptedListeners(listeners);
        if (encrypted.isEmpty() || !material.certificates().isEmpty()) {
            return material.certificates();
        }
        routes.stream()
                .map(RouteSpec::listener)
                .filter(encrypted::contains)
                .distinct()
                .forEach(listener -> findings.add(new ProblemFinder.Finding(
                        "listener " + listener,
                        policy.claims().tls().on()
                                ? "no certificate can be used yet, so clients get a self-signed one; see certificates in the status"
                                : "no certificate is configured, so clients get a self-signed one: set tls-chain-location and"
                                        + " tls-key-location, or acme, or put the port into plain-ports")));
        return List.of(material.fallback().get());
    }

    /** Names that are decrypted here, in order: those that a certificate may be for. */
    static SortedSet<String> terminatedHosts(ProxySpec spec) {
        Set<String> encrypted = encryptedListeners(spec.listeners());
        SortedSet<String> hosts = new TreeSet<>();
        for (RouteSpec route : spec.routes()) {
            boolean name = !route.host().equals("*") && !route.host().startsWith("[");
            if (name && encrypted.contains(route.listener())) {
                hosts.add(route.host());
            }
        }
        return hosts;
    }

    private static Set<String> encryptedListeners(Collection<ListenerSpec> listeners) {
        Set<String> encrypted = new HashSet<>();
        for (ListenerSpec listener : listeners) {
            if (listener instanceof HttpListenerSpec http && http.tls()) {
                encrypted.add(http.name());
            }
        }
        return encrypted;
    }

    private ListenerSpec redirect(int port) {
        return new HttpListenerSpec(
                Integer.toString(port),
                bindAddress(port),
                false,
                OptionalInt.of(policy.claims().tls().httpsPort()));
    }

    private ListenerSpec httpListener(int port, boolean tls) {
        return new HttpListenerSpec(Integer.toString(port), bindAddress(port), tls, OptionalInt.empty());
    }

    private InetSocketAddress bindAddress(int port) {
        return new InetSocketAddress(policy.forwarding().listenAddress(), port);
    }

    /** @param hosts those whose requests it gets, read as HTTP */
    private UpstreamSpec upstream(
            KnownApplication application,
            Set<String> hosts,
            Set<String> suspected,
            Map<Integer, ListenerSpec> listeners,
            List<ProblemFinder.Finding> findings) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        BalancePolicy balance = null;
        for (Offer offer : application.offersInUse()) {
            balance = balance == null ? offer.terms().balance() : balance;
            for (InetSocketAddress target : offer.targets()) {
                ListenerSpec listener = listeners.get(target.getPort());
                if (listener != null && own.isAt(listener.address(), target)) {
                    // A request would go round until every connection there is is taken.
                    findings.add(new ProblemFinder.Finding(
                            "application " + application.name(),
                            offer.source() + " is reached at port " + target.getPort()
                                    + " of this host, which this load balancer itself listens on; that endpoint is left"
                                    + " out, give the application another port"));
                    continue;
                }
                endpoints.add(new EndpointSpec(
                        offer.source(), target, offer.terms().weight(), suspected.contains(offer.source())));
            }
        }
        endpoints.sort(ENDPOINT_ORDER);
        Optional<Offer> decisive = application.decisiveOffer();
        OriginTerms terms = decisive.map(offer -> terms(application, offer, hosts, findings))
                .orElse(OriginTerms.DEFAULT);
        ApplicationProtocol protocol = Objects.requireNonNullElse(application.protocol(), ApplicationProtocol.HTTP);
        return new UpstreamSpec(
                application.name(),
                balance == null ? policy.claims().defaultBalance() : balance,
                endpoints,
                terms.toSpec(protocol, decisive.flatMap(Offer::firstDomain)),
                terms.hsts());
    }

    /**
     * What browsers are told of the names below a domain concerns others: only the operator, and who may claim all of those
     * names, may say it. Who answers for any host would say it of every domain.
     */
    private OriginTerms terms(
            KnownApplication application, Offer decisive, Set<String> hosts, List<ProblemFinder.Finding> findings) {
        OriginTerms terms = decisive.terms().origin();
        if (decisive.isStatic()
                || terms.hsts().filter(HstsSpec::includeSubDomains).isEmpty()
                || (!hosts.isEmpty() && hosts.stream().allMatch(host -> mayClaimBelow(host, decisive)))) {
            return terms;
        }
        findings.add(new ProblemFinder.Finding(
                "application " + application.name(),
                decisive.source()
                        + " sets include-subdomains of hsts and may not claim all names below the domains that the"
                        + " application has; browsers are not told it"));
        return terms.withoutSubdomains();
    }

    private boolean mayClaimBelow(String host, Offer offer) {
        String below = host.startsWith("*.") ? host : "*." + host;
        return !host.equals(Claims.ANY_DOMAIN)
                && policy.claims().allowsDomain(below)
                && offer.limits().allowsDomain(below);
    }
}
