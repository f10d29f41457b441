package io.scrimplb.proxy.h2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.scrimplb.proxy.http.Field;
import io.scrimplb.proxy.http.HeadBuffer;
import org.jspecify.annotations.Nullable;

/** Writes the head of a request that came by HTTP/2 as one of HTTP/1.1. Used again; not thread-safe. */
final class RequestForm {
    /** A pseudo-header field that is not there. */
    static final int ABSENT = -1;

    private static final byte[] GET = "GET".getBytes(US_ASCII);
    private static final byte[] SPACE = {' '};
    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(US_ASCII);
    private static final byte[] HOST = "host: ".getBytes(US_ASCII);
    private static final byte[] COOKIE = "cookie: ".getBytes(US_ASCII);
    private static final byte[] CRUMB = "; ".getBytes(US_ASCII);
    private static final byte[] COLON = ": ".getBytes(US_ASCII);
    private static final byte[] WEBSOCKET =
            "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: ".getBytes(US_ASCII);

    private final HeadBuffer out = new HeadBuffer();

    /** The head; valid until the next one is written. */
    HeadBuffer head() {
        return out;
    }

    /**
     * Writes the head of a request that has been checked.
     *
     * @param pseudo the field of each pseudo-header, by {@link PseudoHeader}'s numbers
     * @param cookies whether there are any
     * @param key value of {@code Sec-WebSocket-Key} for a WebSocket, which becomes an upgrade; else null
     */
    void write(FieldSection in, int[] pseudo, boolean cookies, byte @Nullable [] key) {
        out.clear();
        int authority = pseudo[PseudoHeader.AUTHORITY];
        boolean plainConnect = pseudo[PseudoHeader.PATH] == ABSENT;
        if (key != null) {
            out.put(GET);
        } else {
            putValue(in, pseudo[PseudoHeader.METHOD]);
        }
        out.put(SPACE);
        putValue(in, plainConnect ? authority : pseudo[PseudoHeader.PATH]);
        out.put(VERSION);
        if (authority != ABSENT) {
            out.put(HOST);
            putValue(in, authority);
            out.crlf();
        }
        for (int i = 0; i < in.count; i++) {
            if (passes(in, i, authority != ABSENT, key != null)) {
                out.put(in.bytes, in.nameStart[i], in.valueStart[i]);
                out.put(COLON);
                putValue(in, i);
                out.crlf();
            }
        }
        if (cookies) {
            joinCrumbs(in);
        }
        if (key != null) {
            out.put(WEBSOCKET);
            out.put(key);
            out.crlf();
        }
        out.crlf();
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
                    out.put(COOKIE);
                } else {
                    out.put(CRUMB);
                }
                first = false;
                putValue(in, i);
            }
        }
        out.crlf();
    }

    private void putValue(FieldSection in, int field) {
        out.put(in.bytes, in.valueStart[field], in.valueEnd[field]);
    }
}
