package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.NettyTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jgroups.protocols.DISCARD;
import org.jgroups.stack.ProtocolStack;
import org.junit.jupiter.api.Test;

class DisruptionTest extends ClusterTest {
    @Test
    void cleanLeaveIsSeenAtOnce() throws Exception {
        Node lb = loadBalancer("lb");
        Node backend = backend("web-1");
        awaitMembers(2, lb, backend);

        long started = System.nanoTime();
        backend.membership().close();
        awaitMembers(1, lb);

        long millis = (System.nanoTime() - started) / 1_000_000;
        System.out.println("close() to out of the view: " + millis + " ms");
        assertThat(millis).isLessThan(1_500);
    }

    @Test
    void crashedBackendIsSuspectedAndThenRemoved() throws Exception {
        Node lb = loadBalancer("lb");
        Node backend = backend("web-1");
        Node other = backend("web-2");
        awaitMembers(3, lb, backend, other);

        long started = System.nanoTime();
        backend.crash();
        awaitMembers(2, lb, other);

        System.out.println("crash to out of the view: " + (System.nanoTime() - started) / 1_000_000 + " ms");
        assertThat(lb.told().suspicionsSeen()).isPositive();
        assertThat(lb.membership().view().suspected()).isEmpty();
    }

    @Test
    void restartedLoadBalancerLeadsAgainAndKnowsAll() throws Exception {
        Node old = loadBalancer("lb");
        Node one = backend("web-1");
        Node two = backend("web-2");
        one.membership().announce(announcement(1, "blog"));
        two.membership().announce(announcement(7, "shop"));
        awaitMembers(3, old, one, two);
        old.membership().close();
        awaitMembers(2, one, two);
        seeds.clear();

        long started = System.nanoTime();
        Node fresh = loadBalancer("lb");

        awaitMembers(3, fresh, one, two);
        System.out.println("restart to one view: " + (System.nanoTime() - started) / 1_000_000 + " ms");
        awaitAnnounced(fresh, one, announcement(1, "blog"));
        awaitAnnounced(fresh, two, announcement(7, "shop"));
        for (Node node : List.of(fresh, one, two)) {
            assertThat(node.membership().view().members().get(0).id()).isEqualTo(fresh.id());
        }
    }

    @Test
    void crashedLoadBalancerIsFoundAgainWithoutSeeds() throws Exception {
        Node old = loadBalancer("lb");
        Node backend = backend("web-1");
        backend.membership().announce(announcement(1, "blog"));
        awaitMembers(2, old, backend);
        int port = old.membership().view().self().address().getPort();
        old.crash();
        awaitMembers(1, backend);
        seeds.broken = true;

        Node fresh = start(spec(
                "test",
                Role.LOAD_BALANCER,
                "lb",
                old.membership().view().self().address().getAddress(),
                port,
                0));

        awaitAnnounced(fresh, backend, announcement(1, "blog"));
    }

    @Test
    void partitionHealsAndEverybodyIsKnownAgain() throws Exception {
        Node lb1 = loadBalancer("lb-1");
        Node lb2 = loadBalancer("lb-2");
        Node web1 = backend("web-1");
        Node web2 = backend("web-2");
        web1.membership().announce(announcement(1, "blog"));
        web2.membership().announce(announcement(1, "shop"));
        awaitMembers(4, lb1, lb2, web1, web2);
        awaitAnnounced(lb1, web2, announcement(1, "shop"));

        List<DISCARD> walls = new ArrayList<>();
        walls.addAll(wall(List.of(lb1, web1), List.of(lb2, web2)));
        walls.addAll(wall(List.of(lb2, web2), List.of(lb1, web1)));
        awaitMembers(2, lb1, lb2, web1, web2);
        web2.membership().announce(announcement(2, "shop", "cart"));
        awaitAnnounced(lb2, web2, announcement(2, "shop", "cart"));
        assertThat(lb1.told().announced).doesNotContainKey(web2.id());

        long started = System.nanoTime();
        walls.forEach(DISCARD::resetIgnoredMembers);

        awaitMembers(4, lb1, lb2, web1, web2);
        awaitAnnounced(lb1, web2, announcement(2, "shop", "cart"));
        awaitAnnounced(lb2, web1, announcement(1, "blog"));
        long millis = (System.nanoTime() - started) / 1_000_000;
        System.out.println("healed to known again: " + millis + " ms");
        assertThat(millis).isLessThan(10_000);
        assertThat(lb1.membership().view().members())
                .extracting(m -> m.role())
                .containsExactly(Role.LOAD_BALANCER, Role.LOAD_BALANCER, Role.BACKEND, Role.BACKEND);
    }

    @Test
    void closingWhileJoiningEndsSoon() throws Exception {
        Node backend = backend("web-1");

        long started = System.nanoTime();
        backend.membership().close();

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(2_500));
        int told = backend.told().views.size();
        await().during(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(5))
                .until(() -> backend.told().views.size() == told);
    }

    private static List<DISCARD> wall(List<Node> here, List<Node> there) throws Exception {
        List<DISCARD> walls = new ArrayList<>();
        for (Node node : here) {
            DISCARD wall = new DISCARD();
            for (Node other : there) {
                wall.addIgnoredMembers(other.membership().channel().getAddress());
            }
            node.membership()
                    .channel()
                    .getProtocolStack()
                    .insertProtocol(wall, ProtocolStack.Position.ABOVE, NettyTransport.class);
            walls.add(wall);
        }
        return walls;
    }
}
