package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.MembershipStats;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.NettyTransport;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.time.Duration;
import org.jgroups.protocols.DUPL;
import org.jgroups.protocols.SHUFFLE;
import org.jgroups.stack.ProtocolStack;
import org.junit.jupiter.api.Test;

/** Bytes that a member did say, said again. */
class ReplayAttackTest extends AttackTest {
    @Test
    void connectionThatIsPlayedAgainIsNoMember() throws Exception {
        cluster(true);
        try (Relay relay = new Relay(port(lb1), Relay::asItIs)) {
            seeds.clear();
            seeds.publish(relay.address());
            Node victim = start(spec(Role.BACKEND, "victim"), credentials());
            victim.membership().announce(announcement(1, "mail"));
            awaitAnnounced(lb1, victim, announcement(1, "mail"));
            await().atMost(SOON).until(() -> relay.recorded.stream().anyMatch(record -> record.size() > 4_000));
            seeds.publish(lb1.membership());
            MembershipStats before = lb1.membership().stats();

            for (int i = 0; i < 3; i++) {
                for (ByteArrayOutputStream record : relay.recorded) {
                    try (Socket socket =
                            new Socket(port(lb1).getAddress(), port(lb1).getPort())) {
                        socket.getOutputStream().write(record.toByteArray());
                        socket.setSoTimeout(5_000);
                        socket.getInputStream().transferTo(new ByteArrayOutputStream());
                    } catch (java.net.SocketException e) {
                        assertThat(e).hasMessageMatching("(?i).*(reset|pipe|aborted).*");
                    }
                }
            }

            MembershipStats after = lb1.membership().stats();
            assertThat(after.refusedConnections()).isGreaterThanOrEqualTo(before.refusedConnections() + 3);
            assertThat(after.refusedFrames()).isEqualTo(before.refusedFrames());
            assertThat(after.hostileMessages()).isEqualTo(before.hostileMessages());
            assertThat(lb1.membership().view().member(victim.id())).isPresent();
            clusterCarriesOn("connections played again");
        }
    }

    @Test
    void framesThatComeAgainAndInDisorderChangeNothing() throws Exception {
        cluster(false);
        try (Relay relay = new Relay(port(lb1), Relay::twiceAndInDisorder)) {
            seeds.clear();
            seeds.publish(relay.address());
            Node victim = start(spec(Role.BACKEND, "victim"), null);
            seeds.publish(lb1.membership());
            for (int revision = 1; revision <= 20; revision++) {
                victim.membership().announce(announcement(revision, "mail-" + revision));
                awaitAnnounced(lb1, victim, announcement(revision, "mail-" + revision));
            }
            assertThat(relay.recorded.stream()
                            .mapToInt(ByteArrayOutputStream::size)
                            .sum())
                    .isGreaterThan(4_000);
            clusterCarriesOn("frames twice and in disorder");
            await().during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> lb1.told().announced.get(victim.id()).revision() == 20);
            assertThat(lb1.membership().stats().refusedFrames()).isZero();
            assertThat(lb1.told().troubles).isEmpty();
        }
    }

    @Test
    void messagesOfASecuredMemberThatComeAgainAndInDisorderChangeNothing() throws Exception {
        cluster(true);
        Node victim = start(spec(Role.BACKEND, "victim"), credentials());
        awaitMembers(5, lb1, lb2, victim);
        DUPL twice = new DUPL(true, true, 0, 1);
        ProtocolStack stack = victim.membership().channel().getProtocolStack();
        stack.insertProtocol(twice, ProtocolStack.Position.ABOVE, NettyTransport.class);
        SHUFFLE disorder =
                new SHUFFLE().setUp(false).setDown(true).setMaxSize(5).setMaxTime(50);
        stack.insertProtocol(disorder, ProtocolStack.Position.ABOVE, DUPL.class);
        disorder.init();
        disorder.start();

        for (int revision = 1; revision <= 20; revision++) {
            victim.membership().announce(announcement(revision, "mail-" + revision));
            awaitAnnounced(lb1, victim, announcement(revision, "mail-" + revision));
        }

        clusterCarriesOn("messages twice and in disorder");
        assertThat(lb1.told().announced.get(victim.id()).revision()).isEqualTo(20);
        stack.removeProtocol(disorder.getName());
        stack.removeProtocol(twice.getName());
    }
}
