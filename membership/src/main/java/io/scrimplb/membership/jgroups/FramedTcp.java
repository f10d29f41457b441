package io.scrimplb.membership.jgroups;

import java.io.DataInput;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.Address;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCP;
import org.jgroups.stack.DiagnosticsHandler;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.Util;

/**
 * JGroups' TCP, except that a frame is read whole, and only up to a limit, before it is parsed. The original parses
 * from the socket and believes every length in the frame, beyond the frame's own.
 */
final class FramedTcp extends TCP {
    /** Largest frame, bytes. The bundler sends up to 64,000 of messages, and one message may stand over that. */
    static final int MAX_FRAME_BYTES = 128 * 1024;
    /** Version and flags. */
    private static final int MIN_FRAME_BYTES = 3;
    /** Type, leading byte, flags and count of headers. */
    private static final int MIN_MESSAGE_BYTES = 7;

    private final LongAdder refused = new LongAdder();

    FramedTcp() {
        setId(ClassConfigurator.getProtocolId(TCP.class));
    }

    /** Frames that were refused. */
    long refusedFrames() {
        return refused.sum();
    }

    /** No diagnostics: they would open a multicast socket that answers anybody. */
    @Override
    public DiagnosticsHandler createDiagnosticsHandler() {
        return super.createDiagnosticsHandler().setEnabled(false);
    }

    @Override
    public void receive(Address sender, DataInput in, int length) throws Exception {
        if (length < MIN_FRAME_BYTES || length > MAX_FRAME_BYTES) {
            refused.increment();
            // Ends this connection: there is no telling where the next frame would start.
            throw new IOException("a frame of " + length + " bytes is not accepted");
        }
        byte[] frame = new byte[length];
        in.readFully(frame);
        super.receive(sender, frame, 0, length);
    }

    @Override
    protected void handleMessageBatch(DataInput in, boolean multicast) {
        if (believable(in)) {
            super.handleMessageBatch(in, multicast);
        } else {
            refused.increment();
        }
    }

    /** Whether the count of messages in a batch, for which an array is made, can be true. */
    private static boolean believable(DataInput in) {
        if (!(in instanceof ByteArrayDataInputStream frame)) {
            return false;
        }
        int start = frame.position();
        try {
            Util.readAddress(frame);
            Util.readAddress(frame);
            int name = frame.readShort();
            if (name > SafeMessages.remaining(frame)) {
                return false;
            }
            frame.position(frame.position() + Math.max(0, name));
            int messages = frame.readInt();
            return messages >= 0 && messages <= SafeMessages.remaining(frame) / MIN_MESSAGE_BYTES;
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            return false;
        } finally {
            frame.position(start);
        }
    }
}
