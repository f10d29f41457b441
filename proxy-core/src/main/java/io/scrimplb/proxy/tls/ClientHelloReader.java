package io.scrimplb.proxy.tls;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ClientHello at the beginning of a connection. The message may come in any number of records, and a record in any
 * number of pieces (RFC 8446, 5.1). Nothing is consumed: the bytes go on to whoever serves the connection. One a connection; not
 * thread-safe.
 */
public final class ClientHelloReader {
    /** Bytes of all records that the message may take; browsers send 0.5 to 2 KiB, with post-quantum key shares included. */
    public static final int MAX_BYTES = 16 * 1024;

    private static final int RECORD_HEADER_BYTES = 5;
    private static final int HANDSHAKE_HEADER_BYTES = 4;
    private static final int HANDSHAKE_RECORD = 22;
    private static final int CLIENT_HELLO = 1;

    /** What was found so far. */
    public enum State {
        /** Too little to tell. */
        INCOMPLETE,
        /** {@link #hello} has it. */
        COMPLETE,
        /** A client that speaks HTTP, or some other protocol of words, in clear text. */
        CLEAR_TEXT,
        /** Neither TLS nor text. */
        FOREIGN,
        /** It began like TLS and then broke its rules. */
        MALFORMED,
        /** It announces or takes more than {@link #MAX_BYTES}. */
        TOO_LARGE
    }

    private State state = State.INCOMPLETE;
    private @Nullable ClientHello hello;

    /** Bytes from the beginning to the record that is not looked at yet. */
    private int nextRecord;

    /** Bytes of the message in the records before. */
    private int gathered;

    /**
     * Looks at what is there.
     *
     * @param in what of the connection can be read, from its very beginning; the same and perhaps more at each call
     */
    public State read(ByteBuf in) {
        if (state == State.INCOMPLETE) {
            state = look(in);
        }
        return state;
    }

    /** What the client said, once the state is COMPLETE. */
    public ClientHello hello() {
        ClientHello found = hello;
        if (found == null) {
            throw new IllegalStateException("there is no ClientHello");
        }
        return found;
    }

    private State look(ByteBuf in) {
        int from = in.readerIndex();
        int there = in.readableBytes();
        if (there == 0) {
            return State.INCOMPLETE;
        }
        if (nextRecord == 0 && in.getByte(from) != HANDSHAKE_RECORD) {
            return isText(in.getByte(from)) ? State.CLEAR_TEXT : State.FOREIGN;
        }
        while (there - nextRecord >= RECORD_HEADER_BYTES) {
            int at = from + nextRecord;
            int length = in.getUnsignedShort(at + 3);
            // The minor version is free here: clients send old ones for the sake of old middleboxes (RFC 8446, 5.1).
            if (in.getByte(at) != HANDSHAKE_RECORD || in.getByte(at + 1) != 3 || length == 0) {
                return State.MALFORMED;
            }
            if (nextRecord + RECORD_HEADER_BYTES + length > MAX_BYTES) {
                return State.TOO_LARGE;
            }
            if (there - nextRecord < RECORD_HEADER_BYTES + length) {
                return State.INCOMPLETE;
            }
            nextRecord += RECORD_HEADER_BYTES + length;
            gathered += length;
            if (gathered >= HANDSHAKE_HEADER_BYTES) {
                State found = message(in);
                if (found != State.INCOMPLETE) {
                    return found;
                }
            }
        }
        return State.INCOMPLETE;
    }

    /** Takes the message apart, if all of it is there. */
    private State message(ByteBuf in) {
        byte[] head = gather(in, HANDSHAKE_HEADER_BYTES);
        if (head[0] != CLIENT_HELLO) {
            return State.MALFORMED;
        }
        int length = HANDSHAKE_HEADER_BYTES + ((head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | head[3] & 0xff);
        if (length > MAX_BYTES) {
            return State.TOO_LARGE;
        }
        if (gathered < length) {
            return State.INCOMPLETE;
        }
        // Behind a ClientHello the client waits for the server, so nothing may share its last record (RFC 8446, 5.1).
        if (gathered > length) {
            return State.MALFORMED;
        }
        ClientHello found = ClientHelloParser.parse(gather(in, length), HANDSHAKE_HEADER_BYTES);
        hello = found;
        return found == null ? State.MALFORMED : State.COMPLETE;
    }

    /** The first bytes of the message, without the heads of the records. */
    private static byte[] gather(ByteBuf in, int count) {
        byte[] bytes = new byte[count];
        int at = in.readerIndex();
        for (int done = 0; done < count; ) {
            int length = Math.min(in.getUnsignedShort(at + 3), count - done);
            in.getBytes(at + RECORD_HEADER_BYTES, bytes, done, length);
            done += length;
            at += RECORD_HEADER_BYTES + in.getUnsignedShort(at + 3);
        }
        return bytes;
    }

    /** Letters begin a request line; an empty line before it is overlooked (RFC 9112, 2.2). */
    private static boolean isText(byte first) {
        return first >= 'A' && first <= 'Z' || first >= 'a' && first <= 'z' || first == '\r' || first == '\n';
    }
}
