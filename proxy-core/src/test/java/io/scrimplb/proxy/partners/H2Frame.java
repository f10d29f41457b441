package io.scrimplb.proxy.partners;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A frame of HTTP/2 as it came or is to go (RFC 9113, 4.1). */
public record H2Frame(int type, int flags, int stream, byte[] payload) {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;
    public static final int PADDED = 8;
    public static final int HAS_PRIORITY = 0x20;

    public static final int NO_ERROR = 0;
    public static final int PROTOCOL_ERROR = 1;
    public static final int INTERNAL_ERROR = 2;
    public static final int FLOW_CONTROL_ERROR = 3;
    public static final int STREAM_CLOSED = 5;
    public static final int FRAME_SIZE_ERROR = 6;
    public static final int REFUSED_STREAM = 7;
    public static final int CANCEL = 8;
    public static final int COMPRESSION_ERROR = 9;
    public static final int ENHANCE_YOUR_CALM = 11;

    public static final int MAX_CONCURRENT_STREAMS = 3;
    public static final int INITIAL_WINDOW_SIZE = 4;
    public static final int MAX_FRAME_SIZE = 5;
    public static final int HEADER_TABLE_SIZE = 1;

    public static H2Frame of(int type, int flags, int stream, byte... payload) {
        return new H2Frame(type, flags, stream, payload);
    }

    public static H2Frame settings(int... idsAndValues) {
        ByteBuffer payload = ByteBuffer.allocate(idsAndValues.length * 3);
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
        }
        return of(SETTINGS, 0, 0, payload.array());
    }

    public static H2Frame data(int stream, boolean end, byte... bytes) {
        return of(DATA, end ? END_STREAM : 0, stream, bytes);
    }

    public static H2Frame data(int stream, boolean end, String text) {
        return data(stream, end, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public static H2Frame headers(int stream, boolean end, byte... block) {
        return of(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block);
    }

    public static H2Frame reset(int stream, int code) {
        return of(RST_STREAM, 0, stream, number(code));
    }

    public static H2Frame windowUpdate(int stream, int bytes) {
        return of(WINDOW_UPDATE, 0, stream, number(bytes));
    }

    public static H2Frame ping(long data) {
        return of(PING, 0, 0, ByteBuffer.allocate(8).putLong(data).array());
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    public boolean is(int wanted) {
        return type == wanted;
    }

    public boolean endsStream() {
        return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /** The error code of a RST_STREAM or GOAWAY. */
    public int errorCode() {
        return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }

    /** The last stream of a GOAWAY, or the increment of a WINDOW_UPDATE. */
    public int number() {
        return ByteBuffer.wrap(payload).getInt(0);
    }

    /** A SETTINGS frame's value for an id, or {@code absent}. */
    public long setting(int id, long absent) {
        ByteBuffer settings = ByteBuffer.wrap(payload);
        long value = absent;
        while (settings.remaining() >= 6) {
            int each = settings.getShort() & 0xffff;
            long to = settings.getInt() & 0xffffffffL;
            value = each == id ? to : value;
        }
        return value;
    }

    byte[] bytes() {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    @Override
    public String toString() {
        return "type " + type + " flags " + flags + " stream " + stream + " length " + payload.length
                + (type == RST_STREAM || type == GOAWAY ? " code " + errorCode() : "");
    }
}
