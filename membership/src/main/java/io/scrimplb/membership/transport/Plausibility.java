package io.scrimplb.membership.transport;

import java.io.IOException;
import org.jgroups.Address;
import org.jgroups.Header;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.util.Bits;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.Util;

/** What a message says that its protocol would believe although the connection knows better. Stateless. */
final class Plausibility {
    private static final short VERIFY_ID = ClassConfigurator.getProtocolId(VERIFY_SUSPECT2.class);
    private static final short DISCOVERY_ID = ClassConfigurator.getProtocolId(TCPPING.class);
    /** Least bytes of one member in an answer to a search: no address, flags, no name, no place, no list. */
    private static final int LEAST_FOUND_BYTES = 1 + 1 + 1 + 1 + 2;

    private static final int HEADER_BYTES = 128;

    private Plausibility() {}

    static boolean holds(Message message, Address from) throws IOException, ClassNotFoundException {
        Header verify = message.getHeader(VERIFY_ID);
        if (verify != null && !from.equals(verifier(verify))) {
            return false;
        }
        return message.getHeader(DISCOVERY_ID) == null || foundFit(message);
    }

    /**
     * Who asks whether the receiver lives, or says that it lives itself. Believed from anybody, a member that is dead
     * would stay in the view as long as another one answers for it.
     */
    private static Address verifier(Header header) throws IOException, ClassNotFoundException {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(HEADER_BYTES);
        header.writeTo(out);
        ByteArrayDataInputStream in = new ByteArrayDataInputStream(out.buffer(), 0, out.position());
        in.readShort();
        return Util.readAddress(in);
    }

    /** JGroups makes room for as many members as the first four bytes say. */
    private static boolean foundFit(Message message) {
        if (!message.hasArray()) {
            return true;
        }
        if (message.getLength() < Integer.BYTES) {
            return false;
        }
        int count = Bits.readInt(message.getArray(), message.getOffset());
        return count >= 0 && count <= (message.getLength() - Integer.BYTES) / LEAST_FOUND_BYTES;
    }
}
