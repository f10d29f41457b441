package io.scrimplb.app.registry;

import static io.scrimplb.app.registry.TestCluster.application;
import static io.scrimplb.app.registry.TestCluster.http;
import static io.scrimplb.app.registry.TestCluster.httpAt;
import static io.scrimplb.app.registry.TestCluster.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.membership.Claims;
import io.scrimplb.proxy.spec.BalancePolicy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RegistryRoutingTest {
    private final TestCluster cluster = new TestCluster();

    private static StaticApplication fromFile(String name, ApplicationProtocol protocol, String... domains) {
        return new StaticApplication(
                name,
                List.of(new InetSocketAddress("192.0.2.7", 80)),
                null,
                protocol,
                List.of(domains),
                List.of(),
                100);
    }

    @Test
    void theDefaultListenerIsOpenThoughNobodyOffersAnything() {
        assertThat(cluster.listeners()).containsExactly("8080 Http");
        assertThat(cluster.routes()).isEmpty();
    }

    @Test
    void aBackendIsRoutedOnceItToldItsApplications() {
        cluster.joinBackends("web");
        assertThat(cluster.routes()).isEmpty();

        cluster.announce("web", http("blog", "blog.example.com"));

        assertThat(cluster.routes()).containsExactly("8080 blog.example.com / blog");
        assertThat(cluster.registry.spec().upstreams().get(0).endpoints().get(0).address())
                .isEqualTo(new InetSocketAddress("10.0.0.3", 3000));
    }

    @Test
    void anApplicationWithoutDomainsAnswersForAnyHost() {
        cluster.backend("web", http("blog"));
        assertThat(cluster.routes()).containsExactly("8080 * / blog");
    }

    @Test
    void aReloadedPolicyHoldsWhatIsOfferedAgainstIt() {
        cluster.backend("web", http("blog", "blog.example.com")).backend("shop", http("shop", "shop.example.org"));

        cluster.registry.policy(TestCluster.policy(List.of("*.example.com")));
        assertThat(cluster.routes()).containsExactly("8080 blog.example.com / blog");
        assertThat(cluster.problems()).singleElement().asString().contains("allowed-domains");

        cluster.registry.policy(TestCluster.policy(List.of()));
        assertThat(cluster.routes()).containsExactly("8080 blog.example.com / blog", "8080 shop.example.org / shop");
        assertThat(cluster.problems()).isEmpty();
    }

    @Test
    void theAdvertisedAddressStandsInForTheMembersOwn() {
        cluster.joinBackends("web");
        cluster.announceAt("web", "[fd02::7]", http("blog"));
        assertThat(cluster.registry.spec().upstreams().get(0).endpoints().get(0).address())
                .isEqualTo(new InetSocketAddress("fd02::7", 3000));
    }

    @Test
    void anAdvertisedNameIsReportedAndNeverLookedUp() {
        cluster.joinBackends("web");
        cluster.announceAt("web", "no.such.host.invalid", http("blog"));
        assertThat(cluster.endpoints("blog")).isEmpty();
        assertThat(cluster.problems()).singleElement().asString().contains("is not an IP address");
    }

    @Test
    void sameNamesOfSeveralMembersShareAnUpstreamAndUniteTheirDomains() {
        cluster.backend("web1", http("blog", "a.example.com")).backend("web2", http("blog", "b.example.com"));
        assertThat(cluster.endpoints("blog")).containsExactly("web1", "web2");
        assertThat(cluster.routes()).containsExactly("8080 a.example.com / blog", "8080 b.example.com / blog");
    }

    @Test
    void staticAndAnnouncedApplicationsOfOneNameShareAnUpstream() {
        cluster.registry.staticApplications(List.of(fromFile("blog", ApplicationProtocol.HTTP, "a.example.com")));
        cluster.backend("web", http("blog", "b.example.com"));
        assertThat(cluster.endpoints("blog")).containsExactly("static", "web");
        assertThat(cluster.routes()).hasSize(2);
    }

    @Test
    void theOperatorsFileOutranksAnEarlierAnnouncement() {
        cluster.backend("web", http("blog", "a.example.com"));
        cluster.registry.staticApplications(List.of(fromFile("legacy", ApplicationProtocol.HTTP, "a.example.com")));
        assertThat(cluster.routes()).containsExactly("8080 a.example.com / legacy");
        assertThat(cluster.problems())
                .containsExactly(
                        "application blog: claims :8080 a.example.com/, but application legacy claimed that first");
    }

    @Test
    void anAnnouncementThatNoLongerHasAnApplicationLeavesItWithoutEndpoints() {
        cluster.backend("web", http("blog", "a.example.com"), http("shop", "b.example.com"));
        cluster.announce("web", http("shop", "b.example.com"));
        assertThat(cluster.endpoints("blog")).isEmpty();
        assertThat(cluster.endpoints("shop")).containsExactly("web");
    }

    @Test
    void anOlderAnnouncementNeverReplacesANewerOne() {
        cluster.joinBackends("web");
        cluster.announce("web", Claims.UNLIMITED, new Announcement(7, null, List.of(http("new", "a.example.com"))));
        boolean changed = cluster.announce(
                "web", Claims.UNLIMITED, new Announcement(6, null, List.of(http("old", "a.example.com"))));
        assertThat(changed).isFalse();
        assertThat(cluster.routes()).containsExactly("8080 a.example.com / new");
    }

    @Test
    void aRepeatedAnnouncementChangesNothing() {
        cluster.backend("web", http("blog"));
        long revision = cluster.registry.spec().revision();
        cluster.announce("web", http("blog"));
        assertThat(cluster.registry.spec().revision()).isEqualTo(revision);
    }

    @Test
    void anApplicationIsRememberedForTenMinutesAfterItsLastEndpointLeft() {
        cluster.backend("web", http("blog", "a.example.com")).joinBackends("other");
        cluster.leave("web");
        assertThat(cluster.routes()).containsExactly("8080 a.example.com / blog");
        assertThat(cluster.endpoints("blog")).isEmpty();

        cluster.pass(Duration.ofMinutes(10).minusMillis(1));
        assertThat(cluster.routes()).hasSize(1);
        assertThat(cluster.registry.nextDeadline())
                .hasValue(cluster.clock.instant().plusMillis(1));

        cluster.pass(Duration.ofMillis(1));
        assertThat(cluster.routes()).isEmpty();
        assertThat(cluster.registry.nextDeadline()).isEmpty();
        assertThat(cluster.registry.status().applications()).isEmpty();
    }

    @Test
    void aRememberedApplicationDoesNotStandInTheWayOfALiveOne() {
        cluster.backend("web", http("blog", "a.example.com")).joinBackends("other");
        cluster.leave("web");
        cluster.announce("other", http("blog2", "a.example.com"));
        assertThat(cluster.routes()).containsExactly("8080 a.example.com / blog2");
        assertThat(cluster.problems()).isEmpty();
    }

    @Test
    void theFirstKeepsADomainTheSecondIsReportedAndFollowsWhenTheFirstGoes() {
        cluster.backend("web1", http("one", "a.example.com"))
                .backend("web2", http("two", "a.example.com", "b.example.com"));
        assertThat(cluster.routes()).containsExactly("8080 a.example.com / one", "8080 b.example.com / two");
        assertThat(cluster.problems())
                .containsExactly(
                        "application two: claims :8080 a.example.com/, but application one claimed that first");

        cluster.leave("web1");
        assertThat(cluster.routes()).containsExactly("8080 a.example.com / two", "8080 b.example.com / two");
        assertThat(cluster.problems()).isEmpty();

        cluster.backend("web3", http("one", "a.example.com"));
        assertThat(cluster.routes()).contains("8080 a.example.com / two");
    }

    @Test
    void anApplicationThatWasFirstInTheClusterDoesNotTakeADomainThatAnotherClaimedBeforeIt() {
        cluster.backend("web1", http("one", "a.example.com")).backend("web2", http("two", "b.example.com"));
        cluster.announce("web1", http("one", "a.example.com", "b.example.com"));
        assertThat(cluster.routes()).containsExactly("8080 a.example.com / one", "8080 b.example.com / two");
    }

    @Test
    void differentPathsOfOneDomainBelongToDifferentApplications() {
        cluster.backend("web", http("site", "a.example.com"));
        cluster.backend(
                "api", application("api", ApplicationProtocol.HTTP, null, List.of("/api/", "/v2"), "a.example.com"));
        assertThat(cluster.routes())
                .containsExactly(
                        "8080 a.example.com / site", "8080 a.example.com /api api", "8080 a.example.com /v2 api");
    }

    @Test
    void aPortThatSpeaksHttpIsNotGivenToTcpAndTheOtherWayRound() {
        cluster.backend("web", httpAt(8081, "site"), http("two"))
                .backend("db", tcp("db", 8081), tcp("cache", 8082))
                .backend("late", httpAt(8082, "late"), tcp("cache2", 8082));
        assertThat(cluster.listeners()).containsExactly("8080 Http", "8081 Http", "8082 Tcp");
        assertThat(cluster.problems())
                .containsExactlyInAnyOrder(
                        "application db: claims :8081 tcp, but port 8081 is an HTTP port in use by application site",
                        "application late: claims :8082 */, but port 8082 is forwarded as tcp for application cache",
                        "application cache2: claims :8082 tcp, but application cache claimed that first");

        cluster.leave("web");
        assertThat(cluster.listeners()).contains("8081 Tcp");
    }

    @Test
    void aWaitingTcpApplicationDoesNotTakeThePortFromHttpApplicationsThatAreServed() {
        cluster.backend("one", httpAt(8081, "one", "a.example.com"))
                .backend("db", tcp("db", 8081))
                .backend("two", httpAt(8081, "two", "b.example.com"));
        cluster.leave("one");
        assertThat(cluster.routes()).contains("8081 b.example.com / two");
        assertThat(cluster.listeners()).contains("8081 Http");
    }

    @Test
    void theDefaultPortStaysAnHttpPort() {
        cluster.backend("db", tcp("db", null));
        assertThat(cluster.listeners()).containsExactly("8080 Http");
        assertThat(cluster.problems()).singleElement().asString().contains("give it a listen-port of its own");
    }

    @Test
    void ofDifferingProtocolsUnderOneNameTheFirstIsUsed() {
        cluster.backend("web1", httpAt(8081, "app")).backend("web2", tcp("app", 8082));
        assertThat(cluster.endpoints("app")).containsExactly("web1");
        assertThat(cluster.listeners()).containsExactly("8080 Http", "8081 Http");
        assertThat(cluster.problems()).singleElement().asString().contains("while it is in use as http");

        cluster.leave("web1");
        assertThat(cluster.endpoints("app")).containsExactly("web2");
        assertThat(cluster.listeners()).containsExactly("8080 Http", "8082 Tcp");
    }

    @Test
    void refusedPortsProtocolsAndTextsAreReportedAndTheRestIsRouted() {
        cluster.backend(
                "web",
                httpAt(22, "ssh"),
                application("secure", ApplicationProtocol.TLS, 443, List.of("/")),
                http("good", "a.example.com", "bad domain\n", "x..y"),
                http("evil name", "e.example.com"),
                new Application(
                        "odd",
                        List.of(),
                        List.of("/"),
                        8083,
                        3000,
                        ApplicationProtocol.HTTP,
                        null,
                        100,
                        "random",
                        ApplicationOptions.NONE));
        assertThat(cluster.routes()).containsExactly("8080 a.example.com / good", "8083 * / odd");
        assertThat(cluster.problems())
                .hasSize(5)
                .anyMatch(p -> p.startsWith("application ssh:") && p.contains("allowed-listen-ports"))
                .anyMatch(p -> p.startsWith("application secure:") && p.contains("tls without domains"))
                .anyMatch(p -> p.startsWith("application good:") && p.contains("bad domain?, x..y"))
                .anyMatch(p -> p.startsWith("member web-") && p.contains("improper name 'evil name'"))
                .anyMatch(p -> p.startsWith("application odd:") && p.contains("random"));
        assertThat(cluster.problems()).allMatch(p -> p.chars().noneMatch(Character::isISOControl));
    }

    @Test
    void onlyAllowedDomainsAreRouted() {
        TestCluster strict = new TestCluster(List.of("*.example.com", "example.org"));
        strict.backend(
                "web",
                http("blog", "Example.com", "a.example.com", "x.y.example.com", "*.example.com", "notexample.com"),
                http("org", "example.org", "www.example.org"),
                http("any"));
        assertThat(strict.routes())
                .containsExactly(
                        "8080 *.example.com / blog",
                        "8080 a.example.com / blog",
                        "8080 example.org / org",
                        "8080 x.y.example.com / blog");
        assertThat(strict.problems())
                .hasSize(3)
                .anyMatch(p -> p.contains("claims example.com, notexample.com, not in allowed-domains"))
                .anyMatch(p -> p.contains("'any host'"));
    }

    @Test
    void domainsTimesPathsAreBounded() {
        String[] domains = IntStream.range(0, 100).mapToObj(i -> "d" + i).toArray(String[]::new);
        List<String> paths = IntStream.range(0, 100).mapToObj(i -> "/p" + i).toList();
        cluster.backend("web", application("big", ApplicationProtocol.HTTP, null, paths, domains));
        assertThat(cluster.routes()).hasSize(ClaimRules.MAX_CLAIMS);
        assertThat(cluster.problems()).singleElement().asString().contains("more than 2000");
    }

    @Test
    void theNumberOfApplicationsIsBoundedAndRememberedOnesMakeRoom() {
        for (int backend = 0; backend < 6; backend++) {
            Application[] many = new Application[1_000];
            for (int i = 0; i < many.length; i++) {
                many[i] = http("app-" + backend + "-" + i, "h" + i + "-" + backend);
            }
            cluster.backend("web" + backend, many);
        }
        assertThat(cluster.registry.status().applications()).hasSize(ApplicationBook.MAX_APPLICATIONS);
        assertThat(cluster.problems()).anyMatch(p -> p.contains("applications are known already"));

        cluster.leave("web0");
        cluster.announce("web5", http("app-5-0", "h0-5"));
        assertThat(cluster.endpoints("app-5-0")).containsExactly("web5");
    }

    @Test
    void aHundredApplicationsOnEachOfThreeHundredMembersAreDerivedQuickly() {
        Application[] hundred = new Application[100];
        for (int i = 0; i < hundred.length; i++) {
            hundred[i] = http("app" + i, "app" + i + ".example.com");
        }
        List<String> names = new ArrayList<>();
        for (int member = 0; member < 300; member++) {
            names.add("web" + member);
            cluster.backend("web" + member, hundred);
        }
        assertThat(cluster.registry.spec().upstreams()).hasSize(100);
        assertThat(cluster.endpoints("app7")).hasSize(300);
    }

    @Test
    void theBalancePolicyIsTheFirstThatAnyoneAsksFor() {
        cluster.backend("web1", http("blog"));
        assertThat(cluster.registry.spec().upstreams().get(0).policy()).isEqualTo(BalancePolicy.P2C);
        cluster.backend(
                "web2",
                new Application(
                        "blog",
                        List.of(),
                        List.of("/"),
                        null,
                        3000,
                        ApplicationProtocol.HTTP,
                        null,
                        100,
                        "round-robin",
                        ApplicationOptions.NONE));
        assertThat(cluster.registry.spec().upstreams().get(0).policy()).isEqualTo(BalancePolicy.ROUND_ROBIN);
    }
}
