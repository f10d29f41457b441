package io.scrimplb.membership.transport;

import java.io.DataInput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jgroups.Header;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG2;
import org.jgroups.protocols.FailureDetection.HeartbeatHeader;
import org.jgroups.protocols.FragHeader;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.UnicastHeader3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.NakAckHeader2;
import org.jgroups.protocols.pbcast.STABLE;

/**
 * Reads the headers of the protocols that are in our stack, each with the class that is its own, and no others. In a
 * frame a number picks a header's class, and JGroups knows some that do as they are told: AuthHeader loads a class by a
 * name that stands in the frame and runs its constructor, EncryptHeader makes room by a number of its own. Stateless.
 */
final class KnownHeaders {
    /** Most headers of one message: ours have three. */
    private static final int MAX_HEADERS = 8;

    private static final Map<Short, Supplier<? extends Header>> BY_PROTOCOL = new HashMap<>();

    static {
        know(TCPPING.class, PingHeader::new);
        know(MERGE3.class, WholeMergeHeader::new);
        know(FD_ALL3.class, HeartbeatHeader::new);
        know(VERIFY_SUSPECT2.class, VERIFY_SUSPECT2.VerifyHeader::new);
        know(NAKACK2.class, NakAckHeader2::new);
        know(UNICAST3.class, UnicastHeader3::new);
        know(STABLE.class, WholeStableHeader::new);
        know(GMS.class, GMS.GmsHeader::new);
        know(FRAG2.class, FragHeader::new);
    }

    private KnownHeaders() {}

    private static void know(Class<?> protocol, Supplier<? extends Header> header) {
        BY_PROTOCOL.put(ClassConfigurator.getProtocolId(protocol), header);
    }

    static Header[] read(DataInput in) throws IOException, ClassNotFoundException {
        int count = in.readShort();
        if (count < 0 || count > MAX_HEADERS) {
            throw new IOException("a message of " + count + " headers");
        }
        // JGroups wants room for one more.
        Header[] headers = new Header[count + 1];
        for (int i = 0; i < count; i++) {
            short protocol = in.readShort();
            Supplier<? extends Header> known = BY_PROTOCOL.get(protocol);
            if (known == null) {
                throw new IOException("a header of protocol " + protocol + " is not accepted");
            }
            Header header = known.get();
            if (in.readShort() != header.getMagicId()) {
                throw new IOException("a header that is not its protocol's");
            }
            for (int before = 0; before < i; before++) {
                if (headers[before].getProtId() == protocol) {
                    throw new IOException("two headers of one protocol");
                }
            }
            header.readFrom(in);
            headers[i] = header.setProtId(protocol);
        }
        return headers;
    }

    /** The report of a view that names none would end JGroups' comparing of views. */
    private static final class WholeMergeHeader extends MERGE3.MergeHeader {
        @Override
        public Supplier<? extends Header> create() {
            return WholeMergeHeader::new;
        }

        @Override
        public void readFrom(DataInput in) throws IOException, ClassNotFoundException {
            super.readFrom(in);
            if (type == Type.INFO && (view_id == null || view_id.getCreator() == null)) {
                throw new IOException("a report of a view without its id");
            }
        }
    }

    private static final class WholeStableHeader extends STABLE.StableHeader {
        @Override
        public Supplier<? extends Header> create() {
            return WholeStableHeader::new;
        }

        @Override
        public void readFrom(DataInput in) throws IOException, ClassNotFoundException {
            super.readFrom(in);
            if (view_id == null || view_id.getCreator() == null) {
                throw new IOException("a word about stability without its view");
            }
        }
    }
}
