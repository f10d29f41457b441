package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.Peer;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.Credentials;
import io.scrimplb.membership.trust.Grant;
import io.scrimplb.membership.trust.Handshake;
import io.scrimplb.membership.trust.JoinToken;
import io.scrimplb.membership.trust.TrustException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Members that prove themselves. */
class SecuredClusterTest extends ClusterTest {
    private static final Claims BLOGS = new Claims(List.of("*.example.com"), List.of(new PortRange(443, 443)));

    private final ClusterSecret secret = ClusterSecret.generate();

    @Test
    void membersWithOneSecretJoinAndAreKnown() throws Exception {
        Node lb = loadBalancer("lb", secret, null);

        long started = System.nanoTime();
        Node backend = start(spec(Role.BACKEND, "web-1"), Credentials.of(secret, null));
        awaitMembers(2, lb, backend);
        System.out.println("join with a secret: " + (System.nanoTime() - started) / 1_000_000 + " ms");

        backend.membership().announce(announcement(1, "blog"));
        awaitAnnounced(lb, backend, announcement(1, "blog"));
        assertThat(lb.membership().stats().refusedConnections()).isZero();
    }

    @Test
    void noteReachesTheLoadBalancerItIsForWhateverItsSize() throws Exception {
        Node lb = loadBalancer("lb-1", secret, null);
        Node other = start(spec(Role.LOAD_BALANCER, "lb-2"), Credentials.of(secret, null));
        Node backend = start(spec(Role.BACKEND, "web-1"), Credentials.of(secret, null));
        awaitMembers(3, lb, other, backend);
        String large = "x".repeat(64 * 1024);

        lb.membership().tell(backend.id(), "acme", "a secret");
        lb.membership().tell(other.id(), "acme", large);
        lb.membership().tell(other.id(), "acme", "last");

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(other.told().notes).containsExactly("lb-1: acme: " + large, "lb-1: acme: last"));
        assertThat(backend.told().notes).isEmpty();
        assertThat(lb.told().notes).isEmpty();
    }

    @Test
    void idOfAMemberIsThatOfItsKey() throws Exception {
        Credentials credentials = Credentials.of(secret, null);
        Node lb = start(spec(Role.LOAD_BALANCER, "lb"), credentials);

        UUID key = credentials.memberId();
        assertThat(UUID.fromString(lb.id()).getLeastSignificantBits()).isEqualTo(key.getLeastSignificantBits());
        assertThat(UUID.fromString(lb.id()).getMostSignificantBits() << 1).isEqualTo(key.getMostSignificantBits() << 1);
    }

    @Test
    void backendWithATokenJoinsWithItsClaimsAndStaysWhenTheTokenEnds() throws Exception {
        Node lb = loadBalancer("lb", secret, null);
        JoinToken token =
                JoinToken.create(secret, Role.BACKEND, BLOGS, Instant.now().plusSeconds(60));
        Credentials credentials = Credentials.of(token);
        Node backend = start(spec(Role.BACKEND, "web-1"), credentials);
        Node trusted = start(spec(Role.BACKEND, "web-2"), Credentials.of(secret, null));
        awaitMembers(3, lb, backend, trusted);

        Peer seen = lb.membership().network().peer(UUID.fromString(backend.id()));
        assertThat(seen).isNotNull();
        assertThat(seen.grant().claims()).isEqualTo(BLOGS);
        assertThat(seen.restricted()).isTrue();
        // From now on it proves itself with what the load balancer gave it, which does not end.
        assertThat(shown(credentials).joinsUntil()).isEmpty();
        assertThat(shown(credentials).claims()).isEqualTo(BLOGS);

        backend.membership().announce(announcement(1, "blog"));
        awaitAnnounced(lb, backend, announcement(1, "blog"));
        lb.crash();
        awaitMembers(2, backend, trusted);
        seeds.clear();
        Node fresh = loadBalancer("lb", secret, null);
        awaitMembers(3, fresh, backend, trusted);
        awaitAnnounced(fresh, backend, announcement(1, "blog"));
        assertThat(fresh.membership().view().members().get(0).id()).isEqualTo(fresh.id());
    }

    @Test
    void backendsWithTokensAloneComeBackToALoadBalancerThatRestarts() throws Exception {
        Node lb = loadBalancer("lb", secret, null);
        JoinToken token =
                JoinToken.create(secret, Role.BACKEND, BLOGS, Instant.now().plusSeconds(60));
        Node one = start(spec(Role.BACKEND, "web-1"), Credentials.of(token));
        Node two = start(spec(Role.BACKEND, "web-2"), Credentials.of(token));
        awaitMembers(3, lb, one, two);
        one.membership().announce(announcement(1, "blog"));
        awaitAnnounced(lb, one, announcement(1, "blog"));
        lb.crash();
        awaitMembers(2, one, two);
        seeds.clear();

        long started = System.nanoTime();
        Node fresh = loadBalancer("lb", secret, null);

        awaitMembers(3, fresh, one, two);
        awaitAnnounced(fresh, one, announcement(1, "blog"));
        System.out.println(
                "two with tokens, and their load balancer again: " + (System.nanoTime() - started) / 1_000_000 + " ms");
        assertThat(fresh.membership().view().members().get(0).id()).isEqualTo(fresh.id());
    }

    @Test
    void memberCertificateLetsInWhenTheTokenHasEnded() throws Exception {
        Node lb = loadBalancer("lb", secret, null);
        Credentials joined = Credentials.of(
                JoinToken.create(secret, Role.BACKEND, BLOGS, Instant.now().plusSeconds(60)));
        Node backend = start(spec(Role.BACKEND, "web-1"), joined);
        awaitMembers(2, lb, backend);
        Credentials late = Credentials.of(
                JoinToken.create(secret, Role.BACKEND, BLOGS, Instant.now().minusSeconds(3_600)));

        Node stranger = start(spec(Role.BACKEND, "web-2"), late);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(stranger.told().troubles)
                        .singleElement()
                        .asString()
                        .contains("the join-token of this member has expired (since "));
        assertThat(lb.members()).isEqualTo(2);
        assertThat(shown(joined).joinsUntil()).isEmpty();
    }

    @Test
    void secretIsChangedMemberByMember() throws Exception {
        ClusterSecret next = ClusterSecret.generate();
        Node lb = loadBalancer("lb-old", secret, null);
        Node old = start(spec(Role.BACKEND, "old"), Credentials.of(secret, null));
        Credentials token = Credentials.of(
                JoinToken.create(secret, Role.BACKEND, BLOGS, Instant.now().plusSeconds(60)));
        Node limited = start(spec(Role.BACKEND, "limited"), token);
        awaitMembers(3, lb, old, limited);

        Node both = loadBalancer("lb-both", next, secret);
        awaitMembers(4, lb, both, old, limited);
        lb.membership().close();
        awaitMembers(3, both, old, limited);
        Node fresh = start(spec(Role.BACKEND, "fresh"), Credentials.of(next, null));

        // The old and the fresh one have no secret in common, but the load balancer's word for each other.
        await().atMost(SOON).until(() -> both.members() == 4);
        fresh.membership().announce(announcement(1, "blog"));
        awaitAnnounced(both, fresh, announcement(1, "blog"));
        old.membership().announce(announcement(2, "shop"));
        awaitAnnounced(both, old, announcement(2, "shop"));
    }

    @Test
    void twoLoadBalancersAtOnceOnAnEmptySeedBecomeOneCluster() throws Exception {
        Node one = start(spec(Role.LOAD_BALANCER, "lb-1"), Credentials.of(secret, null));
        Node two = start(spec(Role.LOAD_BALANCER, "lb-2"), Credentials.of(secret, null));
        assertThat(one.members()).isEqualTo(1);
        assertThat(two.members()).isEqualTo(1);

        seeds.publish(one.membership());
        seeds.publish(two.membership());
        long published = System.nanoTime();
        awaitMembers(2, one, two);

        Duration took = Duration.ofNanos(System.nanoTime() - published);
        System.out.println("two load balancers, published to one view: " + took.toMillis() + " ms");
        assertThat(took).isLessThan(Duration.ofSeconds(2));
    }

    private Node loadBalancer(String name, ClusterSecret current, @Nullable ClusterSecret previous) throws Exception {
        Node node = start(spec(Role.LOAD_BALANCER, name), Credentials.of(current, previous));
        seeds.publish(node.membership());
        return node;
    }

    /** What it proves to a load balancer now. */
    private Grant shown(Credentials member) throws TrustException {
        Credentials holder = Credentials.of(secret, null);
        return holder.proofOf(Handshake.between(member, holder).server().getSession())
                .grant();
    }
}
