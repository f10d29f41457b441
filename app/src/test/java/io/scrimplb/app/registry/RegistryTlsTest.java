package io.scrimplb.app.registry;

import static io.scrimplb.app.registry.TestCluster.application;
import static io.scrimplb.app.registry.TestCluster.http;
import static io.scrimplb.app.registry.TestCluster.httpAt;
import static io.scrimplb.app.registry.TestCluster.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.app.certificates.CertificateBoard;
import io.scrimplb.app.certificates.CertificateEntry;
import io.scrimplb.app.certificates.CertificateOrigin;
import io.scrimplb.app.certificates.TestAuthority;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationOptions.BackendTls;
import io.scrimplb.membership.ApplicationOptions.Hsts;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.HstsSpec;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.spec.OriginSpec;
import io.scrimplb.proxy.spec.OriginTlsSpec;
import io.scrimplb.proxy.spec.ProxyProtocol;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RegistryTlsTest {
    private static final TestAuthority AUTHORITY = TestAuthority.root("root");
    private static final TlsPolicy ON = new TlsPolicy(true, Set.of(8081), OptionalInt.of(80), 443);

    private final TestCluster cluster = new TestCluster();
    private final CertificateBoard board = new CertificateBoard(Clock.systemUTC());

    private static RegistryPolicy policy(TlsPolicy tls, int defaultPort, String... allowedDomains) {
        return new RegistryPolicy(
                new ClaimPolicy(TestCluster.LISTEN_PORTS, List.of(allowedDomains), defaultPort, BalancePolicy.P2C, tls),
                Retention.defaults(),
                ForwardingPolicy.defaults(InetAddress.getLoopbackAddress()));
    }

    /** With a certificate, as after a reload that brought one. */
    private TestCluster encrypted() {
        TestAuthority.Issued issued = AUTHORITY.issue("a.test");
        board.replace(
                CertificateOrigin.FILE,
                List.of(CertificateEntry.of(new CertificateSpec(
                        "chain.pem", issued.chain(), issued.pair().getPrivate()))));
        cluster.registry.policy(policy(ON, 443));
        cluster.registry.material(board.material());
        return cluster;
    }

    /** Port and kind of each listener. */
    private List<String> listeners() {
        return cluster.registry.spec().listeners().stream()
                .map(RegistryTlsTest::text)
                .toList();
    }

    private static String text(ListenerSpec listener) {
        if (listener instanceof HttpListenerSpec http) {
            return http.name()
                    + (http.tls() ? " https" : " http")
                    + (http.redirectPort().isPresent()
                            ? " to " + http.redirectPort().getAsInt()
                            : "");
        }
        return listener.name() + " tcp";
    }

    private List<String> passthroughs() {
        return cluster.registry.spec().tls().passthroughs().stream()
                .map(one -> one.listener() + " " + one.host() + " " + one.upstream())
                .toList();
    }

    private UpstreamSpec upstream(String name) {
        return cluster.registry.spec().upstreams().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Application tls(String name, Integer port, String... domains) {
        return application(name, ApplicationProtocol.TLS, port, List.of("/"), domains);
    }

    private static Application with(Application plain, ApplicationProtocol protocol, ApplicationOptions options) {
        return new Application(
                plain.name(),
                plain.domains(),
                plain.paths(),
                plain.listenPort(),
                plain.applicationPort(),
                protocol,
                plain.version(),
                plain.weight(),
                plain.balance(),
                options);
    }

    private static Application https(String name, BackendTls tls, String... domains) {
        return with(http(name, domains), ApplicationProtocol.HTTPS, new ApplicationOptions(tls, null, null));
    }

    @Test
    void withACertificateListenersSpeakTlsAndPort80RedirectsToThem() {
        encrypted().backend("web", http("blog", "a.test"), httpAt(8443, "shop", "b.test"));

        assertThat(listeners()).containsExactly("80 http to 443", "443 https", "8443 https");
        assertThat(cluster.routes()).containsExactly("443 a.test / blog", "8443 b.test / shop");
        assertThat(cluster.registry.spec().tls().certificates()).hasSize(1);
        assertThat(cluster.problems()).isEmpty();
        assertThat(cluster.registry.terminatedHosts()).containsExactly("a.test", "b.test");
    }

    /** Who ends TLS before this load balancer and speaks clear text to it must not be sent back to https for ever. */
    @Test
    void whatTrustedProxiesGotByHttpsIsRoutedAtTheRedirectPort() {
        ForwardingPolicy plain = ForwardingPolicy.defaults(InetAddress.getLoopbackAddress());
        encrypted().backend("web", http("blog", "a.test"), httpAt(8443, "shop", "b.test"));
        RegistryPolicy nobodyTrusted = policy(ON, 443);

        cluster.registry.policy(new RegistryPolicy(
                nobodyTrusted.claims(),
                nobodyTrusted.retention(),
                new ForwardingPolicy(plain.listenAddress(), plain.limits(), plain.timeouts(), List.of("10.0.0.0/8"))));

        assertThat(listeners()).containsExactly("80 http to 443", "443 https", "8443 https");
        assertThat(cluster.routes())
                .containsExactlyInAnyOrder("443 a.test / blog", "80 a.test / blog", "8443 b.test / shop");
        assertThat(cluster.registry.terminatedHosts()).containsExactly("a.test", "b.test");
    }

    @Test
    void plainPortsStayPlain() {
        encrypted().backend("web", httpAt(8081, "metrics", "a.test"));
        assertThat(listeners()).containsExactly("80 http to 443", "443 https", "8081 http");
        assertThat(cluster.registry.terminatedHosts()).isEmpty();
    }

    @Test
    void anApplicationThatAsksForTheRedirectPortIsReachedWhereItLeads() {
        encrypted().backend("web", httpAt(80, "blog", "a.test"), tls("db", 80, "db.test"));
        assertThat(listeners()).containsExactly("80 http to 443", "443 https");
        assertThat(cluster.routes()).containsExactly("443 a.test / blog");
        assertThat(passthroughs()).containsExactly("443 db.test db");
        assertThat(cluster.problems()).isEmpty();
    }

    @Test
    void aTokenForTheRedirectPortAloneOpensNoOther() {
        encrypted();
        cluster.limited("web", new Claims(List.of("*.test"), List.of(PortRange.of(80))), httpAt(80, "blog", "a.test"));
        assertThat(cluster.routes()).isEmpty();
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .contains("asks for port 80, which only redirects to https", "would be reached at port 443", "token");
    }

    @Test
    void rawTcpCannotHaveTheRedirectPort() {
        encrypted().backend("db", tcp("db", 80));
        assertThat(listeners()).containsExactly("80 http to 443", "443 https");
        assertThat(cluster.problems()).singleElement().asString().contains("port 80 is kept for HTTP");
    }

    @Test
    void aReloadTurnsTlsOnAndOffUnderRunningApplications() {
        cluster.backend("web", http("blog", "a.test"));
        assertThat(listeners()).containsExactly("8080 http");
        encrypted();
        assertThat(listeners()).containsExactly("80 http to 443", "443 https");
        assertThat(cluster.routes()).containsExactly("443 a.test / blog");

        cluster.registry.policy(policy(TlsPolicy.OFF, 8080));
        board.replace(CertificateOrigin.FILE, List.of());
        cluster.registry.material(board.material());
        assertThat(listeners()).containsExactly("8080 http");
        assertThat(cluster.registry.spec().tls().certificates()).isEmpty();
        assertThat(cluster.routes()).containsExactly("8080 a.test / blog");
    }

    @Test
    void aListenerOn443WithoutACertificateGetsASelfSignedOneAndAWarning() {
        cluster.registry.material(board.material());
        cluster.backend("web", httpAt(443, "blog", "a.test"));
        assertThat(listeners()).containsExactly("443 https", "8080 http");
        assertThat(cluster.registry.spec().tls().certificates())
                .extracting(CertificateSpec::name)
                .containsExactly("self-signed");
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .contains("listener 443", "self-signed", "tls-chain-location");
    }

    @Test
    void untilTheFirstCertificateArrivesTheSelfSignedOneServes() {
        cluster.registry.policy(policy(ON, 443));
        cluster.registry.material(board.material());
        cluster.backend("web", http("blog", "a.test"));
        assertThat(listeners()).containsExactly("80 http to 443", "443 https");
        assertThat(cluster.problems()).singleElement().asString().contains("no certificate can be used yet");

        encrypted();
        assertThat(cluster.registry.spec().tls().certificates())
                .extracting(CertificateSpec::name)
                .containsExactly("chain.pem");
        assertThat(cluster.problems()).isEmpty();
    }

    @Test
    void namesThatAreDecryptedAndNamesThatAreNotShareAPort() {
        encrypted().backend("web", http("blog", "a.test"), tls("db", null, "db.test", "*.db.test"));
        assertThat(listeners()).containsExactly("80 http to 443", "443 https");
        assertThat(cluster.routes()).containsExactly("443 a.test / blog");
        assertThat(passthroughs()).containsExactly("443 *.db.test db", "443 db.test db");
        assertThat(upstream("db").origin().protocol()).isEqualTo(OriginProtocol.RAW);
        assertThat(cluster.registry.terminatedHosts()).containsExactly("a.test");
    }

    @Test
    void ofTwoThatWantOneNameInDifferentWaysTheFirstHasIt() {
        encrypted().backend("web1", http("blog", "a.test")).backend("web2", tls("secret", null, "a.test"));
        assertThat(cluster.routes()).containsExactly("443 a.test / blog");
        assertThat(passthroughs()).isEmpty();
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .contains("application secret: claims :443 a.test tls", "application blog is reached there by HTTP");

        cluster.leave("web1");
        assertThat(passthroughs()).containsExactly("443 a.test secret");
        assertThat(cluster.routes()).isEmpty();

        cluster.backend("web1", http("blog", "a.test"));
        assertThat(passthroughs()).containsExactly("443 a.test secret");
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .contains("application blog: claims :443 a.test/", "application secret is passed on there as tls");
    }

    @Test
    void tcpAndTlsDoNotShareAPort() {
        encrypted().backend("db", tcp("db", 8500)).backend("web", tls("secret", 8500, "s.test"));
        assertThat(listeners()).containsExactly("80 http to 443", "443 https", "8500 tcp");
        assertThat(cluster.problems()).singleElement().asString().contains("forwarded as tcp for application db");
    }

    @Test
    void withoutCertificatesTlsApplicationsHaveTheHttpsPortOrOneOfTheirOwn() {
        cluster.registry.material(board.material());
        cluster.backend("web", http("blog", "a.test"), tls("db", null, "db.test"), tls("queue", 8500, "q.test"));
        assertThat(listeners()).containsExactly("443 https", "8080 http", "8500 https");
        assertThat(passthroughs()).containsExactly("443 db.test db", "8500 q.test queue");

        cluster.backend("more", httpAt(8500, "site", "q.test"));
        assertThat(cluster.routes()).containsExactly("8080 a.test / blog");
        assertThat(cluster.problems()).singleElement().asString().contains("application queue is passed on there");
    }

    @Test
    void tlsIsBoundToTheDomainsThatMayBeClaimed() {
        cluster.registry.policy(policy(ON, 443, "*.example.com"));
        cluster.registry.material(board.material());
        cluster.limited(
                "web",
                new Claims(List.of("a.example.com"), List.of(PortRange.of(8443))),
                tls("x", 443, "a.example.com"));
        assertThat(passthroughs()).isEmpty();
        cluster.limited(
                "web",
                new Claims(List.of("a.example.com"), List.of(PortRange.of(443))),
                tls("x", null, "a.example.com", "b.example.com", "evil.org"));
        assertThat(passthroughs()).containsExactly("443 a.example.com x");
        assertThat(cluster.problems())
                .anyMatch(problem -> problem.contains("evil.org, not in allowed-domains"))
                .anyMatch(problem -> problem.contains("b.example.com, which its join token does not allow"));
    }

    @Test
    void protocolsSayHowEndpointsAreSpokenWith() {
        cluster.backend(
                "web",
                with(http("grpc", "g.test"), ApplicationProtocol.H2C, ApplicationOptions.NONE),
                with(
                        http("old", "o.test"),
                        ApplicationProtocol.HTTP,
                        new ApplicationOptions(null, ApplicationOptions.ProxyProtocol.V1, null)),
                with(
                        tcp("db", 8500),
                        ApplicationProtocol.TCP,
                        new ApplicationOptions(null, ApplicationOptions.ProxyProtocol.V2, null)));
        assertThat(upstream("grpc").origin()).isEqualTo(OriginSpec.of(OriginProtocol.H2C));
        assertThat(upstream("old").origin())
                .isEqualTo(new OriginSpec(OriginProtocol.HTTP, OriginTlsSpec.DEFAULT, ProxyProtocol.V1));
        assertThat(upstream("db").origin())
                .isEqualTo(new OriginSpec(OriginProtocol.RAW, OriginTlsSpec.DEFAULT, ProxyProtocol.V2));
    }

    @Test
    void anHttpsEndpointIsHeldToItsDomainUnlessItNamesAnother() {
        cluster.backend(
                "web",
                https("a", null, "*.a.test", "a.test"),
                https("b", new BackendTls(TestAuthority.pem(AUTHORITY.certificate()), "inner.test", false), "b.test"),
                https("c", new BackendTls(null, null, true), "c.test"),
                https("any", null));
        assertThat(upstream("a").origin().tls()).isEqualTo(new OriginTlsSpec(List.of(), Optional.of("a.test"), false));
        assertThat(upstream("b").origin().tls())
                .isEqualTo(new OriginTlsSpec(List.of(AUTHORITY.certificate()), Optional.of("inner.test"), false));
        assertThat(upstream("c").origin().tls().insecure()).isTrue();
        assertThat(upstream("any").origin().tls()).isEqualTo(OriginTlsSpec.DEFAULT);
    }

    @Test
    void anUnreadableAuthorityLeavesTheEndpointOutRatherThanBelieveOthers() {
        cluster.backend("web", https("b", new BackendTls("hello", null, false), "b.test"));
        assertThat(cluster.endpoints("b")).isEmpty();
        assertThat(cluster.problems()).singleElement().asString().contains("ca for backend-tls", "no PEM file");
    }

    @Test
    void ofDifferingTermsThoseWithoutAJoinTokenHoldThenTheFirst() {
        Claims token = new Claims(List.of("b.test"), List.of(PortRange.of(8080)));
        cluster.limited("early", token, https("b", new BackendTls(null, null, true), "b.test"));
        assertThat(upstream("b").origin().tls().insecure()).isTrue();

        cluster.backend("owner", https("b", null, "b.test"));
        assertThat(upstream("b").origin().tls().insecure()).isFalse();
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .contains("early-", "asks for another backend-tls", "owner-", "whose hold");

        cluster.registry.staticApplications(List.of(new StaticApplication(
                "b",
                List.of(new InetSocketAddress("192.0.2.7", 443)),
                null,
                ApplicationProtocol.HTTPS,
                List.of("b.test"),
                List.of(),
                100,
                new ApplicationOptions(new BackendTls(null, "static.test", false), null, null))));
        assertThat(upstream("b").origin().tls().serverName()).contains("static.test");
    }

    @Test
    void browsersAreToldOfNamesBelowOnlyByWhoMayClaimThem() {
        ApplicationOptions hsts = new ApplicationOptions(null, null, new Hsts(3600, true));
        cluster.limited(
                "web",
                new Claims(List.of("example.com"), List.of(PortRange.of(8080))),
                with(http("blog", "example.com"), ApplicationProtocol.HTTP, hsts));
        assertThat(upstream("blog").hsts()).contains(new HstsSpec(Duration.ofHours(1), false));
        assertThat(cluster.problems()).singleElement().asString().contains("include-subdomains");

        cluster.limited(
                "web2",
                new Claims(List.of("*.example.org"), List.of(PortRange.of(8080))),
                with(http("shop", "a.example.org"), ApplicationProtocol.HTTP, hsts));
        assertThat(upstream("shop").hsts()).contains(new HstsSpec(Duration.ofHours(1), true));
    }

    @Test
    void whoAnswersForAnyHostTellsBrowsersOfNoNamesBelow() {
        ApplicationOptions hsts = new ApplicationOptions(null, null, new Hsts(3600, true));
        cluster.backend("web", with(http("blog"), ApplicationProtocol.HTTP, hsts));
        assertThat(upstream("blog").hsts()).contains(new HstsSpec(Duration.ofHours(1), false));
        assertThat(cluster.problems()).singleElement().asString().contains("include-subdomains");

        cluster.backend("web2", with(http("shop", "shop.test"), ApplicationProtocol.HTTP, hsts));
        assertThat(upstream("shop").hsts()).contains(new HstsSpec(Duration.ofHours(1), true));
    }

    @Test
    void namesBelowAreDecidedOverAllThatTheApplicationHas() {
        ApplicationOptions hsts = new ApplicationOptions(null, null, new Hsts(3600, true));
        Claims limits = new Claims(List.of("*.example.org", "example.com"), List.of(PortRange.of(8080)));
        cluster.limited("web", limits, with(http("shop", "a.example.org"), ApplicationProtocol.HTTP, hsts));
        assertThat(upstream("shop").hsts()).contains(new HstsSpec(Duration.ofHours(1), true));

        // The first one decides, and its token says nothing of what is below example.com.
        cluster.limited("web2", limits, with(http("shop", "example.com"), ApplicationProtocol.HTTP, hsts));
        assertThat(upstream("shop").hsts()).contains(new HstsSpec(Duration.ofHours(1), false));
        assertThat(cluster.problems()).singleElement().asString().contains("include-subdomains");
    }
}
