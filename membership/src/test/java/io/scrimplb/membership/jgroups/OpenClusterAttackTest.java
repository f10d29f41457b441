package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.RawPeer;
import java.nio.charset.StandardCharsets;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.UnicastHeader3;
import org.junit.jupiter.api.Test;

/** A cluster without a secret lets in anybody of its network, under as many names as he likes. */
class OpenClusterAttackTest extends AttackTest {
    private static final short UNICAST = ClassConfigurator.getProtocolId(UNICAST3.class);

    @Test
    void whatIsLearnedOfThoseWhoNeverJoinIsForgottenWhenTheyGo() throws Exception {
        cluster(false);
        BoundedUnicast unicast = lb1.membership().channel().getProtocolStack().findProtocol(BoundedUnicast.class);
        int before = unicast.getNumReceiveConnections();
        for (int i = 0; i < 600; i++) {
            RawPeer peer = insider(lb1, Role.BACKEND, "one-of-many");
            peer.message(new BytesMessage(lb1.membership().channel().getAddress(), new byte[2_000])
                    .putHeader(UNICAST, UnicastHeader3.createDataHeader(1, (short) 1, i % 2 == 0)));
            peer.flushed();
            if (i % 3 != 0) {
                peer.close();
            }
        }
        clusterCarriesOn("600 names");
        attackers.forEach(RawPeer::close);

        await().atMost(SOON).until(() -> unicast.getNumReceiveConnections() <= before);
    }

    @Test
    void messagesOfNonMembersAreIgnored() throws Exception {
        cluster(false);
        long ignored = lb1.membership().stats().ignoredMessages();
        RawPeer peer = insider(lb1, Role.LOAD_BALANCER, "stranger");
        peer.message(new BytesMessage(
                        lb1.membership().channel().getAddress(),
                        "{\"v\":1,\"type\":\"query\",\"known\":-1}".getBytes(StandardCharsets.UTF_8))
                .setFlag(Message.Flag.NO_RELIABILITY)
                .setFlag(Message.Flag.OOB));

        await().atMost(SOON).until(() -> lb1.membership().stats().ignoredMessages() == ignored + 1);
        assertThat(lb1.told().troubles).isEmpty();
        clusterCarriesOn("messages of non-members");
    }
}
