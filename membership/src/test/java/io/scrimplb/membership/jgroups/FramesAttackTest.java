package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.RawPeer;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Header;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.AUTH;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FailureDetection.HeartbeatHeader;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.UnicastHeader3;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.NakAckHeader2;
import org.jgroups.util.ByteArrayDataInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes of connections that were let in: with the secret, or by a cluster without one. */
class FramesAttackTest extends AttackTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void objectsOfTheSendersChoiceAreNeverMade(boolean secured) throws Exception {
        cluster(secured);
        Address target = lb1.membership().channel().getAddress();
        byte[] constructed = RawPeer.content(new ObjectMessage(target, new Gadget.Constructed()));
        byte[] serialised = RawPeer.content(new ObjectMessage(target, new Gadget.Serialised()));
        byte[] named = headers(1, ClassConfigurator.getProtocolId(AUTH.class), authHeader(Gadget.Constructed.class));
        // The bytes are right: stock JGroups would run the constructors.
        int before = Gadget.TRIGGERED.get();
        new ObjectMessage().readFrom(new ByteArrayDataInputStream(constructed, 3, constructed.length));
        assertThat(Gadget.TRIGGERED.get()).isEqualTo(before + 1);
        assertThatExceptionOfType(ClassCastException.class)
                .as("it is no token, which is seen when it is made")
                .isThrownBy(() -> new EmptyMessage().readFrom(new ByteArrayDataInputStream(named, 3, named.length)));
        assertThat(Gadget.TRIGGERED.get()).isEqualTo(before + 2);

        for (byte[] frame : List.of(constructed, serialised, named)) {
            RawPeer peer = insider(lb1, Role.BACKEND, "gadget");
            peer.message(frame);
            assertThat(peer.closes(5_000)).as("closed").isTrue();
        }

        assertThat(Gadget.TRIGGERED.get()).isEqualTo(before + 2);
        assertThat(lb1.membership().stats().refusedFrames()).isGreaterThanOrEqualTo(3);
        clusterCarriesOn("gadgets, secret " + secured);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lengthsAreNotBelieved(boolean secured) throws Exception {
        cluster(secured);
        Map<String, byte[]> frames = new LinkedHashMap<>();
        byte[] huge =
                RawPeer.content(new BytesMessage(lb1.membership().channel().getAddress(), new byte[4]));
        huge[huge.length - 8] = 0x7f;
        frames.put("a payload of 2 GiB", huge);
        byte[] negative = huge.clone();
        negative[huge.length - 8] = (byte) 0x80;
        frames.put("a payload of -2 GiB and more behind it", negative);
        for (int count : new int[] {-1, 9, 255, 32_767, -32_768}) {
            frames.put(count + " headers", headers(count, (short) 1, new byte[0]));
        }
        for (short type : new short[] {1, 4, 5, 6, 7, 8, 31, -1, 32_767}) {
            byte[] other = RawPeer.content(new BytesMessage(null, new byte[40]));
            other[1] = (byte) (type >> 8);
            other[2] = (byte) type;
            frames.put("a message of type " + type, other);
        }
        frames.put(
                "found members without end",
                RawPeer.content(new BytesMessage(null, new byte[] {0x7f, -1, -1, -1, 0, 0, 0, 0})
                        .putHeader(
                                ClassConfigurator.getProtocolId(TCPPING.class),
                                new PingHeader(PingHeader.GET_MBRS_RSP))));
        frames.put(
                "50 million found members",
                RawPeer.content(new BytesMessage(null, new byte[] {3, 0, 0, 0, 0, 0, 0})
                        .putHeader(
                                ClassConfigurator.getProtocolId(TCPPING.class),
                                new PingHeader(PingHeader.GET_MBRS_RSP))));
        frames.put("missing messages without end", missing(Integer.MAX_VALUE));
        frames.put("negative missing messages", missing(-5));
        frames.put("nothing", new byte[0]);
        frames.put("a kind", new byte[] {0});
        frames.put("an unknown kind", new byte[] {7, 0, 0, 0, 0, 0, 0, 0, 0});

        for (Map.Entry<String, byte[]> frame : frames.entrySet()) {
            RawPeer peer = insider(lb1, Role.BACKEND, "liar");
            peer.message(frame.getValue());
            assertThat(peer.closes(5_000)).as("closed for " + frame.getKey()).isTrue();
        }
        for (int length : new int[] {Integer.MAX_VALUE, -1, 0, 256 * 1024 + 1, Integer.MIN_VALUE}) {
            RawPeer peer = insider(lb1, Role.BACKEND, "liar");
            peer.bytes((byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length, (byte) 2);
            assertThat(peer.closes(5_000)).as("closed for a frame of " + length).isTrue();
        }
        assertThat(lb1.membership().stats().refusedFrames()).isGreaterThanOrEqualTo(frames.size());
        clusterCarriesOn("lengths, secret " + secured);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void controlFramesAreNotBelieved(boolean secured) throws Exception {
        cluster(secured);
        String id = UUID.randomUUID().toString();
        String member =
                "{\"id\":\"" + id + "\",\"role\":\"backend\",\"name\":\"x\",\"address\":\"127.0.0.1\",\"port\":1}";
        String hello = "{\"type\":\"hello\",\"versions\":[1,1],\"stream\":\"5.5.7\",\"cluster\":\"test\",\"member\":";
        List<String> texts = new ArrayList<>(List.of(
                "",
                "{",
                "null",
                "[]",
                "1" + "0".repeat(8_000),
                "[".repeat(8_000),
                "{\"a\":".repeat(1_300),
                "{\"type\":\"" + "a".repeat(8_000) + "\"}",
                "{\"" + "b".repeat(8_000) + "\":1}",
                "{\"type\":\"goodbye\"}",
                "{\"type\":\"goodbye\",\"type\":\"hello\"}",
                "{\"type\":\"welcome\",\"version\":1,\"member\":" + member + "}",
                "{\"type\":\"refused\",\"reason\":\"itself\"}",
                hello + "{}}",
                hello + member.replace("127.0.0.1", "localhost") + "}",
                hello + member.replace("\"port\":1", "\"port\":65536") + "}",
                hello + member.replace("\"port\":1", "\"port\":1e400") + "}",
                hello + member.replace("backend", "root") + "}",
                hello + member.replace(id, "0-0-0-0-0") + "}",
                hello + member + "} trailing",
                hello.replace("[1,1]", "[1]") + member + "}",
                hello.replace("[1,1]", "[1,99999999999]") + member + "}",
                hello + member));
        for (String text : texts) {
            RawPeer peer = attacker(RawPeer.connect(port(lb1), credentials()));
            peer.frame(1, text.getBytes(StandardCharsets.UTF_8));
            assertThat(peer.closes(10_000))
                    .as("closed for " + text.substring(0, Math.min(60, text.length())))
                    .isTrue();
            assertThat(peer.next(0)).as("answer to " + text).isNull();
        }
        RawPeer message = attacker(RawPeer.connect(port(lb1), credentials()));
        message.message(new byte[20]);
        assertThat(message.closes(10_000)).as("a message before the hello").isTrue();
        RawPeer twice = insider(lb1, Role.BACKEND, "twice");
        twice.hello(credentials(), Role.BACKEND, "twice", "test");
        assertThat(twice.closes(10_000)).as("a second hello").isTrue();
        clusterCarriesOn("control frames, secret " + secured);
    }

    @Test
    void frameThatDoesNotEndIsClosedInItsTime() throws Exception {
        cluster(true);
        List<RawPeer> peers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            peers.add(insider(lb1, Role.BACKEND, "slow-" + i));
        }
        long refused = lb1.membership().stats().refusedConnections();
        long started = System.nanoTime();
        peers.forEach(peer -> peer.bytes((byte) 0, (byte) 0, (byte) 16, (byte) 0, (byte) 2));
        clusterCarriesOn("20 frames that trickle");

        await().atMost(Duration.ofSeconds(16))
                .pollInterval(Duration.ofMillis(250))
                .until(() -> {
                    // A byte now and then must not buy more time.
                    peers.forEach(peer -> peer.bytes((byte) 0));
                    return peers.stream().noneMatch(RawPeer::open);
                });
        System.out.println("trickled frames were closed after " + (System.nanoTime() - started) / 1_000_000 + " ms");
        assertThat(lb1.membership().stats().refusedConnections()).isGreaterThanOrEqualTo(refused + 20);
        everybodySeesEverybody();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void changedMessagesDoNoHarm(boolean secured) throws Exception {
        cluster(secured);
        Random random = new Random(20261127);
        short[] protocols = {
            ClassConfigurator.getProtocolId(NAKACK2.class),
            ClassConfigurator.getProtocolId(UNICAST3.class),
            ClassConfigurator.getProtocolId(FD_ALL3.class)
        };
        Header[] headers = {
            NakAckHeader2.createMessageHeader(3),
            UnicastHeader3.createDataHeader(1, (short) 2, true),
            new HeartbeatHeader()
        };
        int closed = 0;
        RawPeer peer = insider(lb1, Role.BACKEND, "noise");
        for (int i = 0; i < 300; i++) {
            int kind = random.nextInt(3);
            Message message = new BytesMessage(
                            random.nextBoolean()
                                    ? null
                                    : lb1.membership().channel().getAddress(),
                            new byte[30])
                    .putHeader(protocols[kind], headers[kind]);
            byte[] content = RawPeer.content(message);
            for (int change = 0; change <= random.nextInt(4); change++) {
                content[random.nextInt(content.length)] = (byte) random.nextInt();
            }
            if (!peer.open()) {
                closed++;
                peer = insider(lb1, Role.BACKEND, "noise");
            }
            peer.message(content);
            peer.closes(i % 3 == 0 ? 10 : 1);
        }
        assertThat(closed).isGreaterThan(20);
        clusterCarriesOn("changed messages, secret " + secured);
    }

    private static byte[] missing(int bits) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(0);
        out.writeShort(Message.OBJ_MSG);
        out.writeByte(0);
        out.writeShort(0);
        out.writeShort(0);
        out.writeByte(1);
        out.writeShort(ClassConfigurator.getMagicNumber(org.jgroups.util.SeqnoList.class));
        out.writeInt(bits);
        out.writeLong(1);
        out.writeLong(-1);
        return bytes.toByteArray();
    }

    /** An empty message of which only one header follows, however many it says it has. */
    private static byte[] headers(int count, short protocol, byte[] header) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(0);
        out.writeShort(Message.EMPTY_MSG);
        out.writeByte(0);
        out.writeShort(0);
        out.writeShort(count);
        out.writeShort(protocol);
        out.write(header);
        return bytes.toByteArray();
    }

    /** JGroups' header that loads a class by its name. */
    private static byte[] authHeader(Class<?> type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(66);
        out.writeByte(1);
        out.writeShort(-1);
        out.writeUTF(type.getName());
        return bytes.toByteArray();
    }
}
