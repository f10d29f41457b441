package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.MemberAddress;
import io.scrimplb.membership.transport.NettyTransport;
import io.scrimplb.membership.transport.RawPeer;
import io.scrimplb.membership.trust.Credentials;
import io.scrimplb.membership.trust.JoinToken;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.GMS.GmsHeader;
import org.jgroups.protocols.pbcast.JoinRsp;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.MergeId;
import org.jgroups.util.Util;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backend with a join-token that wants to be more. */
class TokenAttackTest extends AttackTest {
    private static final short VIEWS = ClassConfigurator.getProtocolId(GMS.class);

    private Credentials token;

    @BeforeEach
    void start() throws Exception {
        cluster(true);
        token = Credentials.of(JoinToken.create(
                secret, Role.BACKEND, Claims.UNLIMITED, Instant.now().plusSeconds(600)));
    }

    private static Address of(Node node) {
        return node.membership().channel().getAddress();
    }

    @Test
    void tokenOfABackendIsNoLoadBalancer() throws Exception {
        RawPeer claim = attacker(RawPeer.connect(port(lb1), token));
        claim.hello(token, Role.LOAD_BALANCER, "lb-9", "test");

        assertThat(claim.refusal()).isEqualTo("not-granted");
        assertThat(claim.closes(5_000)).isTrue();
        clusterCarriesOn("a load balancer by a backend's token");
    }

    @Test
    void idOfAnotherMemberIsNotGranted() throws Exception {
        RawPeer claim = attacker(RawPeer.connect(port(lb1), token));
        // Another key's, in the role that the token grants.
        claim.hello(Credentials.of(secret, null), Role.BACKEND, "web-1", "test");

        assertThat(claim.refusal()).isEqualTo("not-granted");
    }

    @Test
    void addressThatSaysLoadBalancerIsNone() throws Exception {
        RawPeer peer = attacker(RawPeer.member(port(lb1), token, Role.BACKEND, "liar", "test"));
        ExtendedUUID lie = MemberAddress.create(
                new UUID(peer.address().getMostSignificantBits(), peer.address().getLeastSignificantBits()),
                Role.LOAD_BALANCER,
                "lb-0",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4_242));
        ExtendedUUID forged = new ExtendedUUID(
                peer.address().getMostSignificantBits(), peer.address().getLeastSignificantBits());
        forged.addContents(lie);
        assertThat(MemberAddress.isLoadBalancer(forged)).isFalse();
        assertThat(MemberAddress.decode(forged)).isEmpty();

        peer.message(new EmptyMessage(of(lb1))
                .setFlag(Message.Flag.OOB, Message.Flag.NO_RELIABILITY)
                .putHeader(VIEWS, new GmsHeader(GmsHeader.JOIN_REQ, forged)));

        String id = MemberAddress.id(forged);
        await().atMost(SOON).until(() -> lb1.membership().view().member(id).isPresent());
        assertThat(lb1.membership().view().member(id).orElseThrow().role()).isEqualTo(Role.BACKEND);
        assertThat(lb1.membership().view().member(id).orElseThrow().name()).isEqualTo("liar");
        assertThat(lb1.membership().view().members().get(0).id()).isEqualTo(lb1.id());
    }

    @Test
    void tokenMemberLeadsNobodyAndRemovesNobody() throws Exception {
        Node hostile = start(spec(Role.BACKEND, "hostile"), token);
        awaitMembers(5, lb1, lb2, web1, web2, hostile);
        NettyTransport mouth = hostile.membership().channel().getProtocolStack().findProtocol(NettyTransport.class);
        long now = lb1.membership().channel().getView().getViewId().getId();
        View alone = new View(of(hostile), now + 1, List.of(of(hostile), of(web1)));
        long before = barred();
        List<Message> words = new ArrayList<>();
        for (Node target : List.of(lb1, lb2, web1, web2)) {
            for (byte type : new byte[] {
                GmsHeader.VIEW,
                GmsHeader.MERGE_REQ,
                GmsHeader.INSTALL_MERGE_VIEW,
                GmsHeader.CANCEL_MERGE,
                GmsHeader.INSTALL_DIGEST,
                GmsHeader.GET_DIGEST_REQ,
                GmsHeader.LEAVE_RSP
            }) {
                words.add(views(of(target), new GmsHeader(type).mergeId(MergeId.create(of(hostile))), alone));
            }
            ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(512);
            new JoinRsp(alone, null).writeTo(out);
            words.add(new BytesMessage(of(target))
                    .setArray(out.buffer(), 0, out.position())
                    .putHeader(VIEWS, new GmsHeader(GmsHeader.JOIN_RSP)));
            for (Node victim : List.of(lb1, lb2, web1, web2)) {
                words.add(
                        new EmptyMessage(of(target)).putHeader(VIEWS, new GmsHeader(GmsHeader.LEAVE_REQ, of(victim))));
            }
            words.add(new EmptyMessage(of(target)).putHeader(VIEWS, new GmsHeader(GmsHeader.JOIN_REQ, of(lb2))));
            words.add(new EmptyMessage(of(target))
                    .putHeader(VIEWS, new GmsHeader(GmsHeader.JOIN_REQ_WITH_STATE_TRANSFER, of(hostile))));
        }
        for (Message word : words) {
            mouth.down(word.setSrc(of(hostile)).setFlag(Message.Flag.OOB, Message.Flag.NO_RELIABILITY));
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(barred() - before).isEqualTo(words.size()));
        clusterCarriesOn("a token member that gives orders");
    }

    private long barred() {
        return List.of(lb1, lb2, web1, web2).stream()
                .mapToLong(node -> node.membership().stats().hostileMessages())
                .sum();
    }

    @Test
    void wordsInAnothersNameCloseTheConnection() throws Exception {
        short verify = ClassConfigurator.getProtocolId(VERIFY_SUSPECT2.class);
        VERIFY_SUSPECT2.VerifyHeader alive = new VERIFY_SUSPECT2.VerifyHeader();
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(128);
        out.writeShort(2);
        Util.writeAddress(of(web1), out);
        alive.readFrom(new ByteArrayDataInputStream(out.buffer(), 0, out.position()));
        RawPeer alibi = attacker(RawPeer.member(port(lb1), token, Role.BACKEND, "alibi", "test"));
        alibi.message(new EmptyMessage(of(lb1)).putHeader(verify, alive));
        assertThat(alibi.closes(5_000)).as("an alibi for another").isTrue();

        RawPeer forger = attacker(RawPeer.member(port(lb1), token, Role.BACKEND, "forger", "test"));
        ByteArrayDataOutputStream frame = new ByteArrayDataOutputStream(256);
        frame.writeByte(0);
        frame.writeShort(Message.BYTES_MSG);
        new BytesMessage(null, "{\"v\":1,\"type\":\"query\",\"known\":-1}".getBytes(StandardCharsets.UTF_8))
                .setSrc(of(lb2))
                .writeTo(frame);
        byte[] content = new byte[frame.position()];
        System.arraycopy(frame.buffer(), 0, content, 0, content.length);
        forger.message(content);
        assertThat(forger.closes(5_000)).as("a message with a sender").isTrue();
        clusterCarriesOn("words in another's name");
    }

    @Test
    void tokenMemberIsNotBelievedAboutOthers() throws Exception {
        Node hostile = start(spec(Role.BACKEND, "hostile"), token);
        awaitMembers(5, lb1, lb2, web1, web2, hostile);
        String applications =
                "\"revision\":99,\"applications\":[{\"name\":\"evil\",\"application-port\":1,\"protocol\":\"http\"}]";
        String knowledge = "{\"v\":1,\"type\":\"knowledge\",\"member\":\"" + web1.id() + "\"," + applications + "}";
        String query = "{\"v\":1,\"type\":\"query\",\"known\":-1}";
        for (Node target : List.of(lb1, lb2, web1, web2)) {
            for (String text : List.of(knowledge, query)) {
                hostile.membership()
                        .channel()
                        .send(new BytesMessage(of(target), text.getBytes(StandardCharsets.UTF_8)));
            }
        }
        for (Node target : List.of(lb1, lb2, web1, web2)) {
            await().atMost(SOON).until(() -> target.membership().stats().hostileMessages() >= 2);
        }
        assertThat(lb1.told().announced.get(web1.id()).applications())
                .extracting(application -> application.name())
                .containsExactly("blog");
        await().during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(5))
                .until(() -> hostile.told().announced.isEmpty());
        clusterCarriesOn("knowledge and queries of a token member");
    }

    private static Message views(Address to, GmsHeader header, View view) throws Exception {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(512);
        out.writeShort(1);
        view.writeTo(out);
        return new BytesMessage(to).setArray(out.buffer(), 0, out.position()).putHeader(VIEWS, header);
    }
}
