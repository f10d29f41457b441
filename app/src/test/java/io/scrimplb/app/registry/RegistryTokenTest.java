package io.scrimplb.app.registry;

import static io.scrimplb.app.registry.TestCluster.http;
import static io.scrimplb.app.registry.TestCluster.httpAt;
import static io.scrimplb.app.registry.TestCluster.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.proxy.spec.EndpointSpec;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.TcpListenerSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backend may have that joined with a token, beside what the load balancer itself allows. */
@Timeout(30)
class RegistryTokenTest {
    private static final Claims EXAMPLE_COM = domains("*.example.com");
    private static final Claims EXAMPLE_ORG = domains("*.example.org");

    private final TestCluster cluster = new TestCluster();

    private static Claims domains(String... domains) {
        return new Claims(List.of(domains), List.of(new PortRange(1, 65_535)));
    }

    private static Claims ports(PortRange... ports) {
        return new Claims(List.of("*"), List.of(ports));
    }

    @Test
    void whatTheTokenAllowsIsRouted() {
        cluster.limited("web", EXAMPLE_COM, http("blog", "blog.example.com", "*.blog.example.com"));

        assertThat(cluster.routes()).containsExactly("8080 *.blog.example.com / blog", "8080 blog.example.com / blog");
        assertThat(cluster.problems()).isEmpty();
    }

    @Test
    void aDomainBeyondTheTokenIsRefusedWhileTheOthersAreRouted() {
        cluster.limited("web", EXAMPLE_COM, http("blog", "blog.example.com", "bank.test", "example.com"));

        assertThat(cluster.routes()).containsExactly("8080 blog.example.com / blog");
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .startsWith("application blog: web-")
                .endsWith(" claims bank.test, example.com, which its join token does not allow (*.example.com); not"
                        + " routed");
    }

    @Test
    void anApplicationThatNamesNoDomainWouldAnswerForAllAndIsRefused() {
        cluster.limited("web", EXAMPLE_COM, http("blog"));

        assertThat(cluster.routes()).isEmpty();
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .contains("claims 'any host', which its join token does not allow (*.example.com)");
    }

    @Test
    void anApplicationThatNamesNoDomainIsRoutedWhenTheTokenAllowsAny() {
        cluster.limited("web", domains("*"), http("blog"));

        assertThat(cluster.routes()).containsExactly("8080 * / blog");
    }

    @Test
    void aPortBeyondTheTokenIsRefused() {
        cluster.limited("web", ports(PortRange.of(443)), httpAt(8443, "blog", "blog.example.com"));

        assertThat(cluster.listeners()).containsExactly("8080 Http");
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .endsWith(" asks for port 8443, which its join token does not allow (443); it is not opened");
    }

    @Test
    void theDefaultListenPortIsNotExemptFromTheToken() {
        cluster.limited("web", ports(PortRange.of(443), new PortRange(8100, 8200)), http("blog", "blog.example.com"));

        assertThat(cluster.routes()).isEmpty();
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .endsWith(" gets the default port 8080, which its join token does not allow (443, 8100-8200); it is not"
                        + " opened");
    }

    @Test
    void theTokenGivesNothingThatTheLoadBalancerForbids() {
        TestCluster strict = new TestCluster(List.of("*.example.com"));
        strict.limited("web", ports(PortRange.of(22)), httpAt(22, "ssh", "ssh.example.com"));
        strict.limited("shop", domains("*"), http("shop", "shop.example.org"));

        assertThat(strict.routes()).isEmpty();
        assertThat(strict.problems())
                .hasSize(2)
                .anyMatch(problem -> problem.contains("allowed-domains"))
                .anyMatch(problem -> problem.contains("allowed-listen-ports"));
    }

    @Test
    void rawBytesAnswerForAnyHostAndNeedATokenForAny() {
        cluster.limited("web", EXAMPLE_COM, tcp("db", 8500)).limited("all", domains("*"), tcp("mail", 8501));

        assertThat(cluster.listeners()).containsExactly("8080 Http", "8501 Tcp");
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .endsWith(" offers it as tcp, which answers for any host, and its join token allows only *.example.com;"
                        + " port 8500 is not opened");
    }

    @Test
    void otherClaimsForTheSameAnnouncementCountAtOnce() {
        cluster.joinBackends("web");
        Announcement announcement = new Announcement(1, null, List.of(http("blog", "blog.example.com")));
        cluster.announce("web", Claims.UNLIMITED, announcement);
        assertThat(cluster.routes()).hasSize(1);

        assertThat(cluster.announce("web", EXAMPLE_ORG, announcement)).isTrue();
        assertThat(cluster.routes()).isEmpty();
        assertThat(cluster.announce("web", EXAMPLE_ORG, announcement)).isFalse();
    }

    @Test
    void theNameOfAnotherApplicationGivesNoShareOfDomainsBeyondTheToken() {
        cluster.backend("bank", http("bank", "bank.test"));

        cluster.limited("evil", EXAMPLE_COM, http("bank", "a.example.com"));

        assertThat(cluster.endpoints("bank")).containsExactly("bank");
        assertThat(cluster.routes()).containsExactly("8080 bank.test / bank");
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .startsWith("application bank: evil-")
                .contains("is limited by its join token")
                .contains("give the application a name of its own");
    }

    @Test
    void aNameThatALimitedMemberTookFirstIsNoObstacleForOneWithoutLimits() {
        cluster.limited("evil", EXAMPLE_COM, tcp("bank", 8500), http("shop", "a.example.com"));

        cluster.backend("bank", http("bank", "bank.test"), http("shop", "shop.test"));

        assertThat(cluster.endpoints("bank")).containsExactly("bank");
        assertThat(cluster.endpoints("shop")).containsExactly("bank");
        assertThat(cluster.routes()).containsExactly("8080 bank.test / bank", "8080 shop.test / shop");
    }

    @Test
    void aMemberWhoseWishesAreAllRefusedGetsNoRequestsByTheNameAlone() {
        cluster.backend("bank", http("bank", "bank.test"));
        cluster.limited("evil", EXAMPLE_COM, http("bank", "bank.test"));
        cluster.limited("worse", EXAMPLE_COM, http("bank"));

        assertThat(cluster.endpoints("bank")).containsExactly("bank");
    }

    @Test
    void membersWithTheSameTokenShareAnApplication() {
        cluster.limited("web1", EXAMPLE_COM, http("blog", "a.example.com"))
                .limited("web2", EXAMPLE_COM, http("blog", "a.example.com"))
                .limited("web3", EXAMPLE_COM, http("blog", "b.example.com"))
                .backend("web4", http("blog", "b.example.com"));

        assertThat(cluster.endpoints("blog")).containsExactly("web1", "web2", "web3", "web4");
        assertThat(cluster.routes()).containsExactly("8080 a.example.com / blog", "8080 b.example.com / blog");
        assertThat(cluster.problems()).isEmpty();
    }

    @Test
    void ofMembersWithDifferentTokensTheFirstKeepsTheName() {
        cluster.limited("com", EXAMPLE_COM, http("web", "a.example.com"))
                .limited("org", EXAMPLE_ORG, http("web", "a.example.org"));
        assertThat(cluster.endpoints("web")).containsExactly("com");
        assertThat(cluster.routes()).containsExactly("8080 a.example.com / web");

        cluster.leave("com");
        assertThat(cluster.endpoints("web")).containsExactly("org");
        assertThat(cluster.routes()).containsExactly("8080 a.example.org / web");
        assertThat(cluster.problems()).isEmpty();
    }

    @Test
    void aWiderTokenDoesNotSendTheNarrowerOnesMemberWhatItMayNotHave() {
        cluster.limited("narrow", EXAMPLE_COM, http("web", "a.example.com"))
                .limited("wide", domains("*"), http("web", "a.example.com", "bank.test"));

        assertThat(cluster.endpoints("web")).containsExactly("narrow");
        assertThat(cluster.routes()).containsExactly("8080 a.example.com / web");
    }

    @Test
    void aMemberThatMayClaimNothingKeepsNobodyOut() {
        cluster.limited("squatter", EXAMPLE_ORG, http("web", "a.example.com"))
                .limited("com", EXAMPLE_COM, http("web", "a.example.com"));

        assertThat(cluster.endpoints("web")).containsExactly("com");
        assertThat(cluster.routes()).containsExactly("8080 a.example.com / web");
    }

    @Test
    void theLimitedMemberIsLeftOutAsSoonAsTheOthersAnswerForMore() {
        cluster.backend("web", http("blog", "a.example.com"))
                .limited("com", EXAMPLE_COM, http("blog", "a.example.com"));
        assertThat(cluster.endpoints("blog")).containsExactly("com", "web");

        cluster.announce("web", http("blog", "a.example.com", "bank.test"));
        assertThat(cluster.endpoints("blog")).containsExactly("web");

        cluster.announce("web", http("blog", "a.example.com"));
        assertThat(cluster.endpoints("blog")).containsExactly("com", "web");
    }

    @Test
    void theStatusTellsWhatEachMemberMayOffer() {
        cluster.joinLoadBalancer("lb2");
        cluster.backend("free", http("blog", "a.example.com"));
        cluster.limited("com", EXAMPLE_COM, http("shop", "b.example.com"));
        cluster.joinBackends("silent");

        assertThat(cluster.registry.status().members())
                .extracting(member -> member.handle().replaceAll("-.*", "") + " " + member.claims())
                .containsExactly(
                        "com " + EXAMPLE_COM,
                        "free " + Claims.UNLIMITED,
                        "lb " + Claims.UNLIMITED,
                        "lb2 " + Claims.UNLIMITED,
                        "silent null");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whateverComesAndGoesNobodyGetsRequestsBeyondItsToken(long seed) {
        Random random = new Random(seed);
        List<Claims> tokens = List.of(
                Claims.UNLIMITED,
                EXAMPLE_COM,
                EXAMPLE_ORG,
                domains("*"),
                domains("*.example.com", "*.example.org"),
                ports(PortRange.of(8080)),
                new Claims(List.of("a.example.com"), List.of(PortRange.of(8081))));
        List<String> present = new ArrayList<>();
        for (int step = 0; step < 400; step++) {
            if (random.nextInt(4) == 0 && !present.isEmpty()) {
                cluster.leave(present.remove(random.nextInt(present.size())));
            } else {
                String name = "m" + random.nextInt(12);
                if (!present.contains(name)) {
                    present.add(name);
                }
                Claims limits = tokens.get(Integer.parseInt(name.substring(1)) % tokens.size());
                cluster.limited(name, limits, anyApplications(random));
            }
            Map<String, Claims> limits = new HashMap<>();
            cluster.registry.status().members().stream()
                    .filter(member -> member.claims() != null)
                    .forEach(member -> limits.put(member.handle(), member.claims()));
            ProxySpec spec = cluster.registry.spec();
            for (UpstreamSpec upstream : spec.upstreams()) {
                for (EndpointSpec endpoint : upstream.endpoints()) {
                    assertThat(placesOf(spec, upstream.name()))
                            .as("seed %d step %d: %s of %s", seed, step, endpoint.member(), upstream.name())
                            .allMatch(claim -> claim.within(limits.get(endpoint.member())));
                }
            }
        }
        assertThat(cluster.registry.spec().upstreams()).isNotEmpty();
    }

    private static List<Claim> placesOf(ProxySpec spec, String upstream) {
        List<Claim> places = new ArrayList<>();
        for (ListenerSpec listener : spec.listeners()) {
            if (listener instanceof TcpListenerSpec tcp && tcp.upstream().equals(upstream)) {
                places.add(new Claim.Tcp(Integer.parseInt(tcp.name())));
            }
        }
        spec.routes().stream()
                .filter(route -> route.upstream().equals(upstream))
                .map(route -> new Claim.Http(Integer.parseInt(route.listener()), route.host(), route.pathPrefix()))
                .forEach(places::add);
        return places;
    }

    private static Application[] anyApplications(Random random) {
        List<String> domains = List.of("a.example.com", "*.example.com", "a.example.org", "bank.test");
        return random.ints(random.nextInt(3), 0, 3)
                .distinct()
                .mapToObj(name -> random.nextInt(4) == 0
                        ? tcp("app" + name, 8080 + random.nextInt(3))
                        : httpAt(
                                8080 + random.nextInt(2),
                                "app" + name,
                                random.ints(random.nextInt(3), 0, domains.size())
                                        .distinct()
                                        .mapToObj(domains::get)
                                        .toArray(String[]::new)))
                .toArray(Application[]::new);
    }
}
