package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Membership;
import io.scrimplb.membership.MembershipEvents;
import io.scrimplb.membership.Role;
import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedStore;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.JoinRsp;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.junit.jupiter.api.Test;

/** What goes wrong inside must not end the work. */
class FaultTest extends ClusterTest {
    @Test
    void eventsThatThrowErrorsAreStillTold() throws Exception {
        Queue<Announcement> announced = new ConcurrentLinkedQueue<>();
        MembershipEvents broken = new MembershipEvents() {
            @Override
            public void viewChanged(ClusterView view) {
                throw new AssertionError("a fault of the application");
            }

            @Override
            public void announced(Member member, Announcement announcement, Claims claims) {
                announced.add(announcement);
                throw new AssertionError("another fault of the application");
            }
        };
        CapturedLog log = new CapturedLog();
        try (log;
                Membership lb = JGroupsMembership.start(spec(Role.LOAD_BALANCER, "lb"), null, seeds, broken)) {
            seeds.publish(lb);
            Node backend = backend("web-1");
            backend.membership().announce(announcement(1, "blog"));
            await().atMost(SOON).until(() -> announced.contains(announcement(1, "blog")));
            backend.membership().announce(announcement(2, "shop"));
            await().atMost(SOON).until(() -> announced.contains(announcement(2, "shop")));
        }
        assertThat(log.lines("ERROR Conversation")).as("each fault once").hasSize(2);
    }

    @Test
    void backendWhoseJoinIsRefusedTriesAgain() throws Exception {
        Node lb = loadBalancer("lb");
        AtomicBoolean refused = new AtomicBoolean();
        lb.membership()
                .channel()
                .getProtocolStack()
                .insertProtocol(new RefusesOnce(refused), ProtocolStack.Position.BELOW, GMS.class);

        Node backend = backend("web-1");
        backend.membership().announce(announcement(1, "blog"));

        awaitAnnounced(lb, backend, announcement(1, "blog"));
        assertThat(refused).isTrue();
        assertThat(backend.told().troubles)
                .containsExactly("joining the cluster 'test' failed, trying again: not today");
    }

    @Test
    void startThatFailsWithAnErrorLeavesThePortFree() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, loopback)) {
            port = free.getLocalPort();
        }

        assertThatThrownBy(() -> JGroupsMembership.start(
                        spec("test", Role.LOAD_BALANCER, "lb", loopback, port, 0), null, new Broken(), new Recorder()))
                .isInstanceOf(NoClassDefFoundError.class);

        try (ServerSocket again = new ServerSocket(port, 1, loopback)) {
            assertThat(again.isBound()).isTrue();
        }
    }

    /** Answers the first one who wants to join that he may not. */
    private static final class RefusesOnce extends Protocol {
        private final AtomicBoolean refused;

        RefusesOnce(AtomicBoolean refused) {
            this.refused = refused;
        }

        @Override
        public Object down(Message message) {
            GMS.GmsHeader header = message.getHeader(ClassConfigurator.getProtocolId(GMS.class));
            if (header != null && header.getType() == GMS.GmsHeader.JOIN_RSP && refused.compareAndSet(false, true)) {
                message.setArray(GMS.marshal(new JoinRsp("not today")));
            }
            return super.down(message);
        }
    }

    private static final class Broken implements SeedProvider {
        @Override
        public String type() {
            return "broken";
        }

        @Override
        public String location() {
            return "nowhere";
        }

        @Override
        public List<Seed> seeds() {
            return List.of();
        }

        @Override
        public Optional<SeedStore> store() {
            throw new NoClassDefFoundError("no/such/Store");
        }
    }
}
