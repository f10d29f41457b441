package io.scrimplb.membership.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.Credentials;
import io.scrimplb.membership.trust.JoinToken;
import io.scrimplb.membership.trust.SampleCertificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.ObjectMessage;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FRAG2;
import org.jgroups.protocols.FragHeader;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.UnicastHeader3;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.NakAckHeader2;
import org.jgroups.util.SeqnoList;

/** What fuzzing begins with: what members really say, and what was found to be wrong once. */
final class FuzzSeeds {
    private static final Control.Self SELF = new Control.Self(
            MemberAddress.id(new UUID(3, 4), Role.BACKEND),
            Role.BACKEND,
            "web-1",
            new InetSocketAddress("127.0.0.1", 7));

    private FuzzSeeds() {}

    /** Recorded in a cluster by RecordFrames, one a line: what it is, and its bytes. */
    static List<byte[]> messages() {
        List<byte[]> seeds = new ArrayList<>();
        try (InputStream in = FuzzSeeds.class.getResourceAsStream("/fuzz/messages.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    seeds.add(HexFormat.of().parseHex(line.substring(line.lastIndexOf(' ') + 1)));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        seeds.addAll(rare());
        return seeds;
    }

    /** What members say only when something was lost, or is large. */
    private static List<byte[]> rare() {
        short nakack = ClassConfigurator.getProtocolId(NAKACK2.class);
        short unicast = ClassConfigurator.getProtocolId(UNICAST3.class);
        Address self = MemberAddress.create(SELF.id(), SELF.role(), SELF.name(), SELF.reachedAt());
        SeqnoList missing = new SeqnoList(100, 7).add(9, 20).add(33);
        return List.of(
                RawPeer.content(new ObjectMessage(self, missing)
                        .putHeader(nakack, NakAckHeader2.createXmitRequestHeader(self))),
                RawPeer.content(
                        new ObjectMessage(self, missing).putHeader(unicast, UnicastHeader3.createXmitReqHeader())),
                RawPeer.content(new BytesMessage(null, new byte[9])
                        .putHeader(nakack, NakAckHeader2.createXmitResponseHeader())),
                RawPeer.content(
                        new EmptyMessage(self).putHeader(unicast, UnicastHeader3.createSendFirstSeqnoHeader(9))),
                RawPeer.content(new EmptyMessage(self).putHeader(unicast, UnicastHeader3.createCloseHeader((short) 3))),
                RawPeer.content(new BytesMessage(self, new byte[40])
                        .putHeader(unicast, UnicastHeader3.createDataHeader(70_000, (short) 3, false))
                        .putHeader(ClassConfigurator.getProtocolId(FRAG2.class), new FragHeader(7, 1, 3))));
    }

    static List<byte[]> controls() {
        ControlCodec codec = new ControlCodec();
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(codec.encode(new Control.Hello(Versions.OWN, "test", SELF)));
        seeds.add(codec.encode(new Control.Welcome(1, SELF, null)));
        seeds.add(codec.encode(
                new Control.Welcome(1, SELF, SampleCertificates.all().get(2))));
        for (Refusal reason : Refusal.values()) {
            seeds.add(codec.encode(new Control.Refused(reason, "it is so")));
        }
        seeds.add(codec.encode(new Control.Goodbye()));
        seeds.add("{\"type\":\"refused\",\"reason\":\"\\u0000\\ud800\"}".getBytes(StandardCharsets.UTF_8));
        return seeds;
    }

    /** The first byte is for {@link ConnectionFuzz}: the secret, and where it is cut. */
    static List<byte[]> connections() {
        List<byte[]> seeds = new ArrayList<>();
        List<byte[]> controls = controls();
        for (int cut : new int[] {0, 6, 40, 254}) {
            for (byte[] control : controls) {
                seeds.add(prefixed(cut, frame(Frames.CONTROL, control)));
            }
            seeds.add(prefixed(cut, frame(Frames.MESSAGE, new byte[20])));
            seeds.add(prefixed(cut | 1, frame(Frames.CONTROL, controls.get(0))));
            seeds.add(prefixed(cut | 1, clientHello()));
            seeds.add(prefixed(cut, clientHello()));
            seeds.add(prefixed(cut | 1, new byte[] {21, 3, 3, 0, 2, 2, 40}));
        }
        for (byte[] message : messages()) {
            byte[] hello = frame(Frames.CONTROL, controls.get(0));
            byte[] after = frame(Frames.MESSAGE, message);
            byte[] both = new byte[hello.length + after.length];
            System.arraycopy(hello, 0, both, 0, hello.length);
            System.arraycopy(after, 0, both, hello.length, after.length);
            seeds.add(prefixed(254, both));
        }
        return seeds;
    }

    static List<byte[]> tokens() {
        ClusterSecret secret = ClusterSecret.generate();
        List<byte[]> seeds = new ArrayList<>();
        for (Claims claims : List.of(Claims.UNLIMITED, new Claims(List.of("*.example.com"), List.of()))) {
            seeds.add(JoinToken.create(secret, Role.BACKEND, claims, Instant.parse("2026-12-01T00:00:00Z"))
                    .reveal()
                    .getBytes(StandardCharsets.UTF_8));
        }
        seeds.add(secret.reveal().getBytes(StandardCharsets.UTF_8));
        return seeds;
    }

    static List<byte[]> certificates() {
        return SampleCertificates.all();
    }

    private static byte[] frame(byte kind, byte[] content) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeInt(content.length + 1).writeByte(kind).writeBytes(content);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        return bytes;
    }

    private static byte[] prefixed(int first, byte[] rest) {
        byte[] bytes = new byte[1 + rest.length];
        bytes[0] = (byte) first;
        System.arraycopy(rest, 0, bytes, 1, rest.length);
        return bytes;
    }

    private static byte[] clientHello() {
        try {
            SSLEngine engine = Credentials.of(ClusterSecret.generate(), null)
                    .clientEngine(List.of(ControlCodec.APPLICATION_PROTOCOL));
            engine.beginHandshake();
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), out);
            byte[] bytes = new byte[out.flip().remaining()];
            out.get(bytes);
            return bytes;
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }
}
