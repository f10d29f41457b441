package io.scrimplb.membership.transport;

import java.io.DataInput;
import java.io.IOException;
import java.util.function.Supplier;
import org.jgroups.BaseMessage;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Header;
import org.jgroups.Message;
import org.jgroups.MessageFactory;
import org.jgroups.ObjectMessage;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.logging.LogFactory;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.Digest;
import org.jgroups.util.MutableDigest;
import org.jgroups.util.SeqnoList;

/**
 * Shuts the doors through which bytes on the cluster's port become objects of the sender's choice. Stock JGroups runs
 * {@code readObject} and no-argument constructors of any class while it parses a frame, before it knows who sent it.
 *
 * <p>Afterwards messages are bytes, or empty, or one of the three records that JGroups' own protocols exchange; Java
 * deserialisation refuses every class. The change is for the whole process, as JGroups keeps its factories.
 */
public final class SafeMessages extends MessageFactory {
    private static final String FILTER_PROPERTY = "jgroups.deserialization.filter";
    private static final String NOTHING = "!*";

    private SafeMessages() {}

    /** Idempotent. Must come before the first channel of the process. */
    public static void install() {
        // Read when JGroups first deserialises something, so the first call of this method is early enough.
        System.setProperty(FILTER_PROPERTY, NOTHING);
        LogFactory.setCustomLogFactory(QuietLog.factory());
        synchronized (SafeMessages.class) {
            creators[Message.BYTES_MSG] = BoundedBytes::new;
            creators[Message.EMPTY_MSG] = Empty::new;
            creators[Message.OBJ_MSG] = ProtocolObject::new;
            // Not used by any protocol of our stack.
            creators[Message.NIO_MSG] = refused("NIO");
            creators[Message.LONG_MSG] = refused("LONG");
            creators[Message.COMPOSITE_MSG] = refused("COMPOSITE");
            creators[Message.FRAG_MSG] = refused("FRAG");
            creators[Message.EARLYBATCH_MSG] = refused("EARLYBATCH");
        }
    }

    private static Supplier<Message> refused(String type) {
        return () -> {
            throw new IllegalArgumentException("messages of type " + type + " are not accepted");
        };
    }

    /** Bytes that are left in a frame; nothing is ever parsed from elsewhere. */
    static int remaining(DataInput in) throws IOException {
        if (in instanceof ByteArrayDataInputStream frame) {
            return frame.limit() - frame.position();
        }
        throw new IOException("not read from a frame");
    }

    /** Bytes of a message's payload as it arrived; 0 for one that was not read from a frame and has no array. */
    static int payloadBytes(Message message) {
        if (message instanceof ProtocolObject object) {
            return object.bytes;
        }
        return message.hasArray() ? message.getLength() : 0;
    }

    /** What stands before the payload. The connection knows the addresses, so there are none. */
    private static Header[] readHead(BaseMessage message, DataInput in) throws IOException, ClassNotFoundException {
        if (in.readByte() != 0) {
            throw new IOException("a message with addresses");
        }
        message.setFlag(in.readShort(), false, false);
        return KnownHeaders.read(in);
    }

    private static final class Empty extends EmptyMessage {
        @Override
        public void readFrom(DataInput in) throws IOException, ClassNotFoundException {
            headers = readHead(this, in);
        }

        @Override
        public Supplier<Message> create() {
            return Empty::new;
        }
    }

    /** A length that the sender chose is not believed beyond the frame it came in. */
    private static final class BoundedBytes extends BytesMessage {
        @Override
        public void readFrom(DataInput in) throws IOException, ClassNotFoundException {
            headers = readHead(this, in);
            readPayload(in);
        }

        @Override
        public void readPayload(DataInput in) throws IOException {
            int length = in.readInt();
            if (length < -1 || length > remaining(in)) {
                throw new IOException("a payload of " + length + " bytes does not fit into its frame");
            }
            if (length >= 0) {
                byte[] bytes = new byte[length];
                in.readFully(bytes);
                setArray(bytes, 0, length);
            }
        }

        @Override
        public Supplier<Message> create() {
            return BoundedBytes::new;
        }
    }

    /** Digests of STABLE and lists of missing messages of NAKACK2 and UNICAST3, nothing else. */
    private static final class ProtocolObject extends ObjectMessage {
        private static final short DIGEST = ClassConfigurator.getMagicNumber(Digest.class);
        private static final short MUTABLE_DIGEST = ClassConfigurator.getMagicNumber(MutableDigest.class);
        private static final short SEQNO_LIST = ClassConfigurator.getMagicNumber(SeqnoList.class);
        /** Most messages that one list can ask for, each of which is looked for; JGroups asks for 1,024. */
        private static final int MAX_ASKED = 16 * 1024;

        private int bytes;

        @Override
        public void readFrom(DataInput in) throws IOException, ClassNotFoundException {
            headers = readHead(this, in);
            bytes = remaining(in);
            readPayload(in);
        }

        @Override
        public void readPayload(DataInput in) throws IOException, ClassNotFoundException {
            if (in.readByte() == 0) {
                return;
            }
            short magic = in.readShort();
            if (magic == SEQNO_LIST) {
                checkSeqnoList(in);
                SeqnoList list = new SeqnoList();
                list.readFrom(in);
                setObject(list);
            } else if (magic == DIGEST || magic == MUTABLE_DIGEST) {
                Digest digest = magic == DIGEST ? new Digest() : new MutableDigest();
                digest.readFrom(in);
                setObject(digest);
            } else {
                throw new IOException("an object of kind " + magic + " is not accepted");
            }
        }

        @Override
        public Supplier<Message> create() {
            return ProtocolObject::new;
        }

        /** Its first number is a count of bits for which memory is set aside, and that are gone through. */
        private static void checkSeqnoList(DataInput in) throws IOException {
            if (remaining(in) < Integer.BYTES || !(in instanceof ByteArrayDataInputStream frame)) {
                throw new IOException("a list of missing messages without its length");
            }
            int start = frame.position();
            int bits = frame.readInt();
            frame.position(start);
            if (bits < 1 || bits > MAX_ASKED || bits / Byte.SIZE > remaining(frame)) {
                throw new IOException("a list of " + bits + " missing messages does not fit into its frame");
            }
        }
    }
}
