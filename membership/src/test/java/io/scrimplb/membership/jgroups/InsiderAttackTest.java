package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.MemberAddress;
import io.scrimplb.membership.transport.NettyTransport;
import io.scrimplb.membership.transport.RawPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.MergeView;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FailureDetection.HeartbeatHeader;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.UnicastHeader3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.GMS.GmsHeader;
import org.jgroups.protocols.pbcast.JoinRsp;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.NakAckHeader2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.IpAddress;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.Digest;
import org.jgroups.util.MergeId;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.SeqnoList;
import org.jgroups.util.Util;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member with the secret whose JGroups lies: it can disturb, but neither exhaust the others nor part them. */
class InsiderAttackTest extends AttackTest {
    private static final short NAKACK = ClassConfigurator.getProtocolId(NAKACK2.class);
    private static final short UNICAST = ClassConfigurator.getProtocolId(UNICAST3.class);
    private static final short VIEWS = ClassConfigurator.getProtocolId(GMS.class);
    private static final long MIB = 1024 * 1024;

    private Node hostile;
    private NettyTransport mouth;

    @BeforeEach
    void join() throws Exception {
        cluster(true);
        hostile = start(spec(Role.BACKEND, "hostile"), credentials());
        awaitMembers(5, lb1, lb2, web1, web2, hostile);
        mouth = hostile.membership().channel().getProtocolStack().findProtocol(NettyTransport.class);
    }

    private Address of(Node node) {
        return node.membership().channel().getAddress();
    }

    /** Past the hostile member's own protocols. */
    private void say(Message message) {
        if (message.getSrc() == null) {
            message.setSrc(of(hostile));
        }
        mouth.down(message);
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** What is kept; what is on its way is gone soon. */
    private static void keepsLessThan(long bytes, long before) {
        await().atMost(SOON).untilAsserted(() -> assertThat(used() - before).isLessThan(bytes));
    }

    @Test
    void numbersOnMulticastsMakeNoRoom() throws Exception {
        long before = used();
        for (long number : new long[] {1L << 40, Integer.MAX_VALUE, 1L << 62, Long.MAX_VALUE, -1, Long.MIN_VALUE, 0}) {
            say(new BytesMessage(null, new byte[10]).putHeader(NAKACK, NakAckHeader2.createMessageHeader(number)));
        }
        // A row of a thousand for each.
        for (int i = 2; i < 8_000; i++) {
            say(new BytesMessage(null, new byte[10]).putHeader(NAKACK, NakAckHeader2.createMessageHeader(1_024L * i)));
        }
        BoundedMulticast multicast =
                lb1.membership().channel().getProtocolStack().findProtocol(BoundedMulticast.class);
        await().atMost(SOON).until(() -> multicast.refusedMessages() > 5_000);

        assertThat(multicast.getXmitTableNumCurrentRows()).isLessThan(5 * 100 + 100);
        keepsLessThan(40 * MIB, before);
        clusterCarriesOn("numbers on multicasts");
    }

    @Test
    void messagesThatWaitForEarlierOnesAreBounded() throws Exception {
        long before = used();
        // The first is missing for ever: 1,500 times 60 kB, 90 MB at five members.
        for (int i = 0; i < 1_500; i++) {
            say(new BytesMessage(of(lb1), new byte[60_000])
                    .putHeader(UNICAST, UnicastHeader3.createDataHeader(i + 20, (short) 77, i == 0)));
            say(new BytesMessage(null, new byte[60_000]).putHeader(NAKACK, NakAckHeader2.createMessageHeader(i + 20)));
        }
        say(new EmptyMessage(of(lb1))
                .putHeader(UNICAST, UnicastHeader3.createDataHeader(Long.MAX_VALUE, (short) 77, false)));
        for (int i = 0; i < 1_000; i++) {
            // Of a connection that never began.
            say(new BytesMessage(of(lb2), new byte[60_000])
                    .putHeader(UNICAST, UnicastHeader3.createDataHeader(i + 20, (short) 99, false)));
        }
        clusterCarriesOn("messages that wait");

        // Four members with 8 MiB each in their multicast tables, one with that of a connection, one with early ones.
        keepsLessThan(64 * MIB, before);
    }

    @Test
    void whoAcknowledgesNothingIsNotSentMore() throws Exception {
        long before = used();
        RawPeer taker = insider(lb1, Role.BACKEND, "taker");
        byte[] request = RawPeer.content(new EmptyMessage(of(lb1))
                .setFlag(Message.Flag.OOB, Message.Flag.NO_RELIABILITY)
                .putHeader(VIEWS, new GmsHeader(GmsHeader.GET_CURRENT_VIEW)));
        for (int i = 0; i < 60_000; i++) {
            taker.message(request);
            if (i % 1_000 == 0) {
                taker.flushed();
            }
        }
        BoundedUnicast unicast = lb1.membership().channel().getProtocolStack().findProtocol(BoundedUnicast.class);
        await().atMost(SOON).until(() -> unicast.unsentMessages() > 100);
        assertThat(lb1.membership().stats().unsentMessages()).isGreaterThan(100);

        assertThat(unicast.getSendWindow(taker.address()).size()).isLessThanOrEqualTo(BoundedUnicast.UNACKNOWLEDGED);
        keepsLessThan(48 * MIB, before);
        clusterCarriesOn("requests without an acknowledgement");
        taker.close();
        await().atMost(SOON).until(() -> unicast.getSendWindow(taker.address()) == null);
    }

    @Test
    void whatIsSentFasterThanItIsReadIsDroppedAndCounted() throws Exception {
        CountDownLatch goesOn = new CountDownLatch(1);
        Address from = of(hostile);
        lb1.membership()
                .channel()
                .getProtocolStack()
                .insertProtocol(
                        new Protocol() {
                            @Override
                            public void up(MessageBatch batch) {
                                if (batch.sender().equals(from)) {
                                    awaitQuietly(goesOn);
                                }
                                super.up(batch);
                            }
                        },
                        ProtocolStack.Position.ABOVE,
                        NettyTransport.class);
        // More than the 4 MB that there is room for; again and again, since the sender itself drops what a connection
        // that
        // is not read as fast as it is written does not take.
        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
            for (int i = 0; i < 100; i++) {
                say(new BytesMessage(of(lb1), new byte[60_000]));
            }
            return lb1.membership().stats().overflowedMessages() > 50;
        });
        goesOn.countDown();

        clusterCarriesOn("more messages than there is room for");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(SOON.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whoNeverReadsIsNotSentMoreThanThereIsRoomFor() throws Exception {
        RawPeer deaf = insider(lb1, Role.BACKEND, "deaf");
        deaf.deaf();
        byte[] search = RawPeer.content(new EmptyMessage(of(lb1))
                .setFlag(Message.Flag.OOB)
                .putHeader(
                        ClassConfigurator.getProtocolId(TCPPING.class),
                        new PingHeader(PingHeader.GET_MBRS_REQ).clusterName("test")));
        long unsent = lb1.membership().stats().unsentMessages();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    for (int i = 0; i < 200 && !deaf.congested(); i++) {
                        deaf.message(search);
                    }
                    return lb1.membership().stats().unsentMessages() > unsent + 100;
                });
        // The flood itself may take more of a busy machine than heartbeats can do without.
        awaitMembers(5, lb1, lb2, web1, web2);
        fromNowOn();
        clusterCarriesOn("one that never reads");
    }

    @Test
    void viewsThatCouldNotBeGotRidOfAreRefused() throws Exception {
        BoundedViews views = lb2.membership().channel().getProtocolStack().findProtocol(BoundedViews.class);
        long before = views.refusedMessages();
        List<Address> everybody = List.of(of(lb1), of(lb2), of(web1), of(web2), of(hostile));
        long now = lb2.membership().channel().getView().getViewId().getId();
        List<Address> twice = new ArrayList<>(everybody);
        twice.add(of(web1));
        List<Address> nobody = new ArrayList<>(everybody);
        nobody.add(null);
        List<Address> foreign = new ArrayList<>(everybody);
        foreign.add(org.jgroups.util.UUID.randomUUID());
        List<Address> place = new ArrayList<>(everybody);
        place.add(new IpAddress("127.0.0.1", 1));
        List<Address> crowd = new ArrayList<>(everybody);
        for (int i = 0; i < 2_001; i++) {
            crowd.add(MemberAddress.create(
                    java.util.UUID.randomUUID(),
                    Role.BACKEND,
                    "",
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
        }
        List<View> bad = new ArrayList<>();
        for (long number : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 1, now + 2_000_000, 1L << 60}) {
            bad.add(new View(of(hostile), number, everybody));
            bad.add(new View(of(hostile), number, List.of(of(lb2), of(hostile))));
            bad.add(new MergeView(of(hostile), number, everybody, List.of()));
        }
        for (List<Address> members : List.of(twice, nobody, foreign, place, crowd)) {
            bad.add(new View(of(hostile), now + 1, members));
        }
        for (View view : bad) {
            say(view(of(lb2), GmsHeader.VIEW, view, null, null));
            say(view(of(lb2), GmsHeader.INSTALL_MERGE_VIEW, view, null, null));
            say(joinAnswer(of(lb2), view));
        }
        Map<Address, long[]> numbers = new HashMap<>();
        everybody.forEach(member -> numbers.put(member, new long[] {1L << 40, 1L << 40}));
        say(view(of(lb2), GmsHeader.INSTALL_DIGEST, null, new Digest(numbers), null));
        say(view(of(lb2), GmsHeader.VIEW, new View(of(hostile), now + 1, everybody), new Digest(numbers), null));
        say(view(of(lb2), GmsHeader.MERGE_RSP, null, null, null));
        // Without an id it would pass for the merge that is not going on, and be spread to everybody.
        say(view(
                of(lb2),
                GmsHeader.INSTALL_MERGE_VIEW,
                new View(of(hostile), now + 1, List.of(of(lb2), of(hostile))),
                null,
                null));

        long sent = 3L * bad.size() + 4;
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(views.refusedMessages() - before).isGreaterThanOrEqualTo(sent));
        clusterCarriesOn("views that could not be got rid of");
    }

    @Test
    void viewThatPartsTheClusterIsMended() throws Exception {
        long now = lb2.membership().channel().getView().getViewId().getId();
        long started = System.nanoTime();
        say(view(
                of(lb2),
                GmsHeader.VIEW,
                new View(of(hostile), now + 900_000, List.of(of(hostile), of(lb2))),
                null,
                null));
        await().atMost(SOON).until(() -> lb2.members() == 2);

        await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> lb2.members() == 5 && lb1.members() == 5);
        System.out.println("parted by a view to whole: " + (System.nanoTime() - started) / 1_000_000 + " ms");
        await().atMost(SOON).until(() -> List.of(lb1, lb2, web1, web2).stream().allMatch(node -> node.members() == 5));
        web1.membership().announce(announcement(50, "blog"));
        awaitAnnounced(lb1, web1, announcement(50, "blog"));
        awaitAnnounced(lb2, web1, announcement(50, "blog"));
    }

    @Test
    void requestsForMessagesThatNeverWereDoNotLoop() throws Exception {
        SeqnoList all = new SeqnoList(16_000, 1);
        all.add(1, 16_000);
        for (int i = 0; i < 500; i++) {
            say(new ObjectMessage(of(lb1), all)
                    .setFlag(Message.Flag.OOB)
                    .putHeader(NAKACK, NakAckHeader2.createXmitRequestHeader(of(lb1))));
            say(new ObjectMessage(of(lb1), all)
                    .setFlag(Message.Flag.OOB)
                    .putHeader(UNICAST, UnicastHeader3.createXmitReqHeader()));
        }
        say(new EmptyMessage(null).putHeader(NAKACK, NakAckHeader2.createHighestSeqnoHeader(1L << 50)));
        for (long number : new long[] {Long.MAX_VALUE, -1, 1L << 40}) {
            say(new EmptyMessage(of(lb1)).putHeader(UNICAST, UnicastHeader3.createAckHeader(number, (short) 0, 9)));
        }
        say(new EmptyMessage(of(lb1)).putHeader(UNICAST, UnicastHeader3.createCloseHeader((short) 0)));
        for (int i = 0; i < 500; i++) {
            say(new EmptyMessage(of(lb1)).putHeader(UNICAST, UnicastHeader3.createSendFirstSeqnoHeader(i)));
            say(new EmptyMessage(of(lb1)).putHeader(UNICAST, UnicastHeader3.createDataHeader(5, (short) i, true)));
        }
        clusterCarriesOn("requests for messages that never were");
    }

    @Test
    void forgettingWhatWasSentIsTheCoordinatorsWordAlone() throws Exception {
        BoundedMulticast multicast =
                lb1.membership().channel().getProtocolStack().findProtocol(BoundedMulticast.class);
        View now = lb1.membership().channel().getView();
        Map<Address, long[]> numbers = new HashMap<>();
        now.getMembers().forEach(member -> numbers.put(member, new long[] {1L << 40, 1L << 60}));
        long low = multicast.getWindow(of(lb1)).getLow();
        for (byte type : new byte[] {STABLE.StableHeader.STABILITY, STABLE.StableHeader.STABLE_GOSSIP}) {
            for (int i = 0; i < 3; i++) {
                say(new ObjectMessage(of(lb1), new Digest(numbers))
                        .setFlag(Message.Flag.OOB, Message.Flag.NO_RELIABILITY)
                        .putHeader(
                                ClassConfigurator.getProtocolId(STABLE.class),
                                new STABLE.StableHeader(type, now.getViewId())));
            }
        }
        await().atMost(SOON).until(() -> multicast.refusedMessages() >= 3);
        assertThat(multicast.getWindow(of(lb1)).getLow()).isEqualTo(low);
        clusterCarriesOn("words about stability");
    }

    @Test
    void floodsOfSmallWordsDisturbNobody() throws Exception {
        short merge = ClassConfigurator.getProtocolId(MERGE3.class);
        short verify = ClassConfigurator.getProtocolId(VERIFY_SUSPECT2.class);
        Address foreign = MemberAddress.create(
                java.util.UUID.randomUUID(),
                Role.LOAD_BALANCER,
                "nobody",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        VERIFY_SUSPECT2.VerifyHeader question = new VERIFY_SUSPECT2.VerifyHeader();
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(128);
        out.writeShort(1);
        Util.writeAddress(of(hostile), out);
        question.readFrom(new org.jgroups.util.ByteArrayDataInputStream(out.buffer(), 0, out.position()));
        RawPeer mouthpiece = insider(lb1, Role.BACKEND, "mouthpiece");
        for (int i = 0; i < 2_000; i++) {
            say(new EmptyMessage(of(lb1))
                    .setFlag(Message.Flag.OOB)
                    .putHeader(ClassConfigurator.getProtocolId(FD_ALL3.class), new HeartbeatHeader()));
            say(new EmptyMessage(of(lb1)).putHeader(verify, question));
            mouthpiece.message(new EmptyMessage(of(lb1))
                    .setFlag(Message.Flag.OOB)
                    .putHeader(
                            merge,
                            MERGE3.MergeHeader.createInfo(new ViewId(foreign, i), "x", new IpAddress("127.0.0.1", 1))));
            if (i % 100 == 0) {
                mouthpiece.flushed();
            }
        }
        clusterCarriesOn("floods of heartbeats, questions and foreign views");
    }

    @Test
    void manyConnectionsOfOneMemberTakeEachOthersPlace() throws Exception {
        var own = credentials();
        List<RawPeer> all = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            all.add(attacker(RawPeer.member(port(lb1), own, Role.BACKEND, "many", "test")));
        }
        await().atMost(SOON).until(() -> all.stream().filter(RawPeer::open).count() <= 4);
        clusterCarriesOn("600 connections of one member");
    }

    private Message view(Address to, byte type, View view, Digest digest, MergeId id) throws Exception {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(1024);
        int flags = (view == null ? 0 : view instanceof MergeView ? 1 << 2 | 1 : 1)
                | (digest == null ? 0 : 1 << 1 | 1 << 4);
        out.writeShort(flags);
        if (view != null) {
            view.writeTo(out);
        }
        if (digest != null) {
            digest.writeTo(out, true);
        }
        return new BytesMessage(to)
                .setArray(out.buffer(), 0, out.position())
                .setFlag(Message.Flag.OOB, Message.Flag.NO_RELIABILITY)
                .putHeader(VIEWS, new GmsHeader(type).mergeId(id));
    }

    private Message joinAnswer(Address to, View view) throws Exception {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(1024);
        new JoinRsp(view, null).writeTo(out);
        return new BytesMessage(to)
                .setArray(out.buffer(), 0, out.position())
                .setFlag(Message.Flag.OOB, Message.Flag.NO_RELIABILITY)
                .putHeader(VIEWS, new GmsHeader(GmsHeader.JOIN_RSP));
    }
}
