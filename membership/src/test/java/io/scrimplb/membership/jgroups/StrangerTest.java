package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Member;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Random;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.Version;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TpHeader;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.Util;
import org.junit.jupiter.api.Test;

/** Whoever reaches the cluster's port without being a member. */
class StrangerTest extends ClusterTest {
    private static final byte[] COOKIE = {'b', 'e', 'l', 'a'};
    private static final int HEADER_BYTES = 5;

    @Test
    void objectsOfTheSendersChoiceAreNeverMade() throws Exception {
        Node lb = loadBalancer("lb");
        Address target = lb.membership().channel().getAddress();
        byte[] constructed = frame(new ObjectMessage(target, new Gadget.Constructed()));
        byte[] serialised = frame(new ObjectMessage(target, new Gadget.Serialised()));
        // The bytes are right: stock JGroups would run the constructor.
        int before = Gadget.TRIGGERED.get();
        new ObjectMessage()
                .readFrom(new ByteArrayDataInputStream(constructed, HEADER_BYTES, constructed.length - HEADER_BYTES));
        assertThat(Gadget.TRIGGERED.get()).isEqualTo(before + 1);
        before = Gadget.TRIGGERED.get();

        try (Socket socket = introduce(lb)) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            send(out, constructed);
            send(out, serialised);
        }

        stillWorks(lb);
        assertThat(Gadget.TRIGGERED.get()).isEqualTo(before);
    }

    @Test
    void lengthsAreNotBelieved() throws Exception {
        Node lb = loadBalancer("lb");
        byte[] huge = frame(new BytesMessage(lb.membership().channel().getAddress(), new byte[4]));
        // The payload's own length stands before its four bytes.
        huge[huge.length - 8] = 0x7f;
        try (Socket socket = introduce(lb)) {
            send(new DataOutputStream(socket.getOutputStream()), huge);
        }
        for (int length : new int[] {Integer.MAX_VALUE, -1, 0, 2, FramedTcp.MAX_FRAME_BYTES + 1}) {
            try (Socket socket = introduce(lb)) {
                new DataOutputStream(socket.getOutputStream()).writeInt(length);
            }
        }
        await().atMost(SOON).until(() -> lb.membership().stats().refusedFrames() >= 5);

        // A batch that claims two billion messages.
        try (Socket socket = introduce(lb)) {
            ByteArrayDataOutputStream batch = new ByteArrayDataOutputStream(64);
            batch.writeShort(Version.version);
            batch.writeByte(1);
            Util.writeAddress(lb.membership().channel().getAddress(), batch);
            Util.writeAddress(null, batch);
            batch.writeShort(0);
            batch.writeInt(Integer.MAX_VALUE);
            byte[] frame = new byte[batch.position()];
            System.arraycopy(batch.buffer(), 0, frame, 0, frame.length);
            send(new DataOutputStream(socket.getOutputStream()), frame);
        }
        await().atMost(SOON).until(() -> lb.membership().stats().refusedFrames() >= 6);

        stillWorks(lb);
    }

    @Test
    void randomBytesDoNoHarm() throws Exception {
        Node lb = loadBalancer("lb");
        long seed = 20261121;
        Random random = new Random(seed);

        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            try (Socket socket = i % 4 == 0 ? connect(lb) : introduce(lb)) {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                if (i % 4 == 3) {
                    // Past the version check, so that the parser sees them.
                    bytes[0] = (byte) (Version.version >> 8);
                    bytes[bytes.length > 1 ? 1 : 0] = (byte) Version.version;
                }
                send(out, bytes);
            } catch (IOException e) {
                // Closed by the other side already: that is what it should do.
                assertThat(e).as("seed " + seed).isNotNull();
            }
        }

        stillWorks(lb);
    }

    @Test
    void messagesOfNonMembersAreIgnored() throws Exception {
        Node lb = loadBalancer("lb");
        Message message = new BytesMessage(
                lb.membership().channel().getAddress(), "{\"v\":1,\"type\":\"query\",\"known\":-1}".getBytes());
        message.setSrc(org.jgroups.util.UUID.randomUUID())
                .setFlag(Message.Flag.NO_RELIABILITY)
                .setFlag(Message.Flag.OOB)
                .putHeader(ClassConfigurator.getProtocolId(TCP.class), new TpHeader("test"));

        try (Socket socket = introduce(lb)) {
            send(new DataOutputStream(socket.getOutputStream()), frame(message));
            await().atMost(SOON).until(() -> lb.membership().stats().ignoredMessages() == 1);
        }
        stillWorks(lb);
        assertThat(lb.told().troubles).isEmpty();
    }

    private void stillWorks(Node lb) throws Exception {
        Node backend = backend("honest");
        backend.membership().announce(announcement(1, "blog"));
        awaitAnnounced(lb, backend, announcement(1, "blog"));
        assertThat(lb.membership().view().members()).extracting(Member::name).containsExactly("lb", "honest");
    }

    private static Socket connect(Node target) throws IOException {
        InetSocketAddress address = target.membership().view().self().address();
        return new Socket(address.getAddress(), address.getPort());
    }

    /** Connects and says an address, as a member does. */
    private static Socket introduce(Node target) throws IOException {
        Socket socket = connect(target);
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(64);
        IpAddress own = new IpAddress(socket.getLocalAddress(), socket.getLocalPort());
        out.write(COOKIE);
        out.writeShort(Version.version);
        out.writeShort(own.serializedSize());
        own.writeTo(out);
        socket.getOutputStream().write(out.buffer(), 0, out.position());
        return socket;
    }

    private static void send(DataOutputStream out, byte[] frame) throws IOException {
        out.writeInt(frame.length);
        out.write(frame);
        out.flush();
    }

    /** Version, flags, type, message. */
    private static byte[] frame(Message message) throws IOException {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(512);
        Util.writeMessage(message, out, false);
        byte[] frame = new byte[out.position()];
        System.arraycopy(out.buffer(), 0, frame, 0, frame.length);
        return frame;
    }
}
