package io.scrimplb.membership.transport;

import java.io.IOException;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.MessageFactory;
import org.jgroups.protocols.NoBundler;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;

/**
 * A message of JGroups in a frame: whether it is for all (1 byte), its type (2 bytes), and what JGroups writes of it without
 * addresses, which the connection knows.
 */
final class MessageFrames {
    private static final byte UNICAST_FRAME = 0;
    private static final byte MULTICAST_FRAME = 1;
    /** Frame kind, type, leading byte, flags and count of headers. */
    private static final int MIN_BYTES = 1 + 2 + 1 + 2 + 2;

    private static final int INITIAL_BYTES = 128;

    private MessageFrames() {}

    /** Writes each message to a frame of its own. */
    static final class Writer extends NoBundler {
        @Override
        public void send(Message msg) throws Exception {
            sendSingle(msg.getDest(), msg, new ByteArrayDataOutputStream(msg.getLength() + INITIAL_BYTES));
        }

        @Override
        protected void sendSingleMessage(Address to, Message msg, ByteArrayDataOutputStream out) throws Exception {
            out.writeByte(to == null ? MULTICAST_FRAME : UNICAST_FRAME);
            out.writeShort(msg.getType());
            msg.writeToNoAddrs(msg.getSrc(), out);
            transport.doSend(out.buffer(), 0, out.position(), to);
            transport.getMessageStats().incrNumSingleMsgsSent();
        }
    }

    /** Believes no length, and no sender but the connection's own member. */
    static Message read(Peer from, byte[] frame) throws IOException {
        if (frame.length < MIN_BYTES || (frame[0] != UNICAST_FRAME && frame[0] != MULTICAST_FRAME)) {
            throw new BadFrameException("a message that is none");
        }
        ByteArrayDataInputStream in = new ByteArrayDataInputStream(frame, 1, frame.length);
        try {
            Message message = MessageFactory.create(in.readShort());
            message.readFrom(in);
            if (!Plausibility.holds(message, from.address())) {
                throw new BadFrameException("a message in another member's name, or that lies about its length");
            }
            return message;
        } catch (BadFrameException e) {
            throw e;
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            throw new BadFrameException("a message that cannot be read");
        }
    }

    /** Whether a frame that was read is for all members. */
    static boolean toAll(byte[] frame) {
        return frame[0] == MULTICAST_FRAME;
    }
}
