package io.scrimplb.proxy.h2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.scrimplb.proxy.http.Field;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes the head of a request that came by HTTP/2 as one of HTTP/1.1. Used again; not thread-safe. */
final class RequestForm {
    /** A pseudo-header field that is not there. */
    static final int ABSENT = -1;

    /** Heads are seldom longer; what a longer one took is given back with the next. */
    private static final int KEPT_BYTES = 4 * 1024;

    private static final byte[] GET = "GET".getBytes(US_ASCII);
    private static final byte[] SPACE = {' '};
    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(US_ASCII);
    private static final byte[] HOST = "host: ".getBytes(US_ASCII);
    private static final byte[] COOKIE = "cookie: ".getBytes(US_ASCII);
    private static final byte[] CRUMB = "; ".getBytes(US_ASCII);
    private static final byte[] COLON = ": ".getBytes(US_ASCII);
    private static final byte[] CRLF = "\r\n".getBytes(US_ASCII);
    private static final byte[] WEBSOCKET =
            "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: ".getBytes(US_ASCII);

    private byte[] bytes = new byte[2 * 1024];
    private int length;

    /** The head, from index 0; valid until the next one is written. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /**
     * Writes the head of a request that has been checked.
     *
     * @param pseudo the field of each pseudo-header, by {@link PseudoHeader}'s numbers
     * @param cookies whether there are any
     * @param key value of {@code Sec-WebSocket-Key} for a WebSocket, which becomes an upgrade; else null
     */
    void write(FieldSection in, int[] pseudo, boolean cookies, byte @Nullable [] key) {
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[KEPT_BYTES];
        }
        int authority = pseudo[PseudoHeader.AUTHORITY];
        boolean plainConnect = pseudo[PseudoHeader.PATH] == ABSENT;
        if (key != null) {
            put(GET, 0, GET.length);
        } else {
            putValue(in, pseudo[PseudoHeader.METHOD]);
        }
        put(SPACE, 0, 1);
        putValue(in, plainConnect ? authority : pseudo[PseudoHeader.PATH]);
        put(VERSION, 0, VERSION.length);
        if (authority != ABSENT) {
            put(HOST, 0, HOST.length);
            putValue(in, authority);
            put(CRLF, 0, CRLF.length);
        }
        for (int i = 0; i < in.count; i++) {
            if (passes(in, i, authority != ABSENT, key != null)) {
                put(in.bytes, in.nameStart[i], in.valueStart[i]);
                put(COLON, 0, COLON.length);
                putValue(in, i);
                put(CRLF, 0, CRLF.length);
            }
        }
        if (cookies) {
            joinCrumbs(in);
        }
        if (key != null) {
            put(WEBSOCKET, 0, WEBSOCKET.length);
            put(key, 0, key.length);
            put(CRLF, 0, CRLF.length);
        }
        put(CRLF, 0, CRLF.length);
    }

    private static boolean passes(FieldSection in, int field, boolean hostWritten, boolean webSocket) {
        byte[] b = in.bytes;
        int from = in.nameStart[field];
        return switch (in.valueStart[field] - from) {
            case 4 -> !hostWritten || !Field.is(b, from, "host");
            case 6 -> !Field.is(b, from, "cookie");
            case 17 -> !webSocket || !Field.is(b, from, "sec-websocket-key");
            default -> b[from] != ':';
        };
    }

    /** A cookie may come in many fields, and is one again before it goes on by HTTP/1.1 (RFC 9113, 8.2.3). */
    private void joinCrumbs(FieldSection in) {
        boolean first = true;
        for (int i = 0; i < in.count; i++) {
            int from = in.nameStart[i];
            if (in.valueStart[i] - from == 6 && Field.is(in.bytes, from, "cookie")) {
                if (first) {
                    put(COOKIE, 0, COOKIE.length);
                } else {
                    put(CRUMB, 0, CRUMB.length);
                }
                first = false;
                putValue(in, i);
            }
        }
        put(CRLF, 0, CRLF.length);
    }

    private void putValue(FieldSection in, int field) {
        put(in.bytes, in.valueStart[field], in.valueEnd[field]);
    }

    private void put(byte[] from, int start, int end) {
        int count = end - start;
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
        System.arraycopy(from, start, bytes, length, count);
        length += count;
    }
}
