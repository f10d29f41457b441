package io.scrimplb.membership.transport;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.Grant;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.UUID;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.Discovery;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.JoinRsp;
import org.jgroups.util.Util;

/** Fuzz target: a message of a member, and what JGroups' protocols read from its payload afterwards. */
public final class MessageFuzz {
    /** Counts are of two bytes: two readers with an array of addresses and one of numbers before the end is seen. */
    private static final long FIXED_BYTES = 2 * 1024 * 1024;

    private static final long FACTOR = 200;
    private static final Peer FROM = Peer.of(
            new Control.Self(
                    MemberAddress.id(new UUID(1, 2), Role.BACKEND),
                    Role.BACKEND,
                    "web-1",
                    new InetSocketAddress("127.0.0.1", 4_242)),
            Grant.FULL);

    static {
        SafeMessages.install();
    }

    private MessageFuzz() {}

    static Peer from() {
        return FROM;
    }

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        check(input);
    }

    static void check(byte[] input) {
        Allocation.bounded(FIXED_BYTES, FACTOR, input.length, () -> read(input));
    }

    private static void read(byte[] input) {
        try {
            Message message = MessageFrames.read(FROM, input);
            if (message.getSrc() != null || message.getDest() != null) {
                throw new AssertionError("it brought addresses");
            }
            message.setSrc(FROM.address());
            message.getHeaders();
            message.copy(true, true);
            SafeMessages.payloadBytes(message);
            parse(message);
        } catch (IOException e) {
            // Declared: it ends the connection.
        }
    }

    /** As the protocols do, which survive exceptions here; only memory and errors are a matter. */
    private static void parse(Message message) {
        if (!message.hasArray()) {
            return;
        }
        try {
            if (message.getHeader(ClassConfigurator.getProtocolId(TCPPING.class)) != null) {
                Discovery.deserialize(message.getArray(), message.getOffset(), message.getLength());
            } else if (message.getHeader(ClassConfigurator.getProtocolId(GMS.class)) != null) {
                try {
                    GMS._readViewAndDigest(message.getArray(), message.getOffset(), message.getLength());
                } finally {
                    Util.streamableFromBuffer(
                            JoinRsp::new, message.getArray(), message.getOffset(), message.getLength());
                }
            }
        } catch (Exception e) {
            // JGroups logs it and goes on.
            return;
        }
    }
}
