package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.RawPeer;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.Credentials;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Two load balancers and two backends that are attacked, and must not care. */
abstract class AttackTest extends ClusterTest {
    /**
     * Time in which a new backend has to be announced at both load balancers, whatever goes on. It is to be 2 s, and a
     * fraction of that on a machine that does nothing else; the test prints it.
     */
    static final Duration JOIN = Duration.ofSeconds(8);

    final ClusterSecret secret = ClusterSecret.generate();
    final List<RawPeer> attackers = new ArrayList<>();
    Node lb1;
    Node lb2;
    Node web1;
    Node web2;
    private boolean secured;
    private int joined;
    private long revision = 1;
    private final Map<Node, Integer> marks = new HashMap<>();

    void cluster(boolean withSecret) throws Exception {
        secured = withSecret;
        lb1 = member(Role.LOAD_BALANCER, "lb-1");
        seeds.publish(lb1.membership());
        lb2 = member(Role.LOAD_BALANCER, "lb-2");
        seeds.publish(lb2.membership());
        web1 = member(Role.BACKEND, "web-1");
        web2 = member(Role.BACKEND, "web-2");
        awaitMembers(4, lb1, lb2, web1, web2);
        web1.membership().announce(announcement(revision, "blog"));
        web2.membership().announce(announcement(revision, "shop"));
        for (Node lb : List.of(lb1, lb2)) {
            awaitAnnounced(lb, web1, announcement(revision, "blog"));
            awaitAnnounced(lb, web2, announcement(revision, "shop"));
        }
        fromNowOn();
    }

    /** What the views were before is no matter. */
    void fromNowOn() {
        marks.clear();
        for (Node node : List.of(lb1, lb2, web1, web2)) {
            marks.put(node, node.told().views.size());
        }
    }

    private Node member(Role role, String name) throws Exception {
        return start(spec(role, name), credentials());
    }

    /** Of one who knows the secret, if there is one. */
    @Nullable
    Credentials credentials() {
        return secured ? Credentials.of(secret, null) : null;
    }

    InetSocketAddress port(Node node) {
        return node.membership().view().self().address();
    }

    @AfterEach
    void endAttack() {
        attackers.forEach(RawPeer::close);
    }

    RawPeer attacker(RawPeer peer) {
        attackers.add(peer);
        return peer;
    }

    /** One who is let in by this member, and joins nothing. */
    RawPeer insider(Node target, Role role, String name) throws Exception {
        return attacker(RawPeer.member(port(target), credentials(), role, name, "test"));
    }

    /** No member lost another, announcements flow, and a new backend joins in time. */
    void clusterCarriesOn(String during) throws Exception {
        revision++;
        web1.membership().announce(announcement(revision, "blog"));
        for (Node lb : List.of(lb1, lb2)) {
            awaitAnnounced(lb, web1, announcement(revision, "blog"));
        }
        long started = System.nanoTime();
        Node fresh = member(Role.BACKEND, "fresh-" + ++joined);
        fresh.membership().announce(announcement(1, "new"));
        for (Node lb : List.of(lb1, lb2)) {
            awaitAnnounced(lb, fresh, announcement(1, "new"));
        }
        long millis = (System.nanoTime() - started) / 1_000_000;
        System.out.println("join to announced at both, " + during + ": " + millis + " ms");
        assertThat(millis).isLessThan(JOIN.toMillis());
        fresh.membership().close();
        for (Node node : List.of(lb1, lb2, web1, web2)) {
            await().atMost(SOON)
                    .until(() -> node.membership().view().member(fresh.id()).isEmpty());
        }
        everybodySeesEverybody();
    }

    void everybodySeesEverybody() {
        for (Node node : List.of(lb1, lb2, web1, web2)) {
            for (Node other : List.of(lb1, lb2, web1, web2)) {
                assertThat(node.membership().view().member(other.id()))
                        .as(node.membership().view() + " has " + other.id())
                        .isPresent();
                assertThat(node.told()
                                .views
                                .subList(marks.get(node), node.told().views.size()))
                        .as("never lost")
                        .allMatch(view -> view.member(other.id()).isPresent());
            }
            assertThat(node.membership().view().members().get(0).id()).isEqualTo(lb1.id());
        }
    }
}
