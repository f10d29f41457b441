package io.scrimplb.proxy.h2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/** What a connection begins with from its client's side (RFC 9113, 3.4), as it comes. */
final class Preface {
    /** Not to be changed. */
    static final byte[] BYTES = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    /** What of it looks like a head of HTTP/1.1. */
    static final int HEAD_BYTES = 18;

    private int read;

    /** @param alreadyRead bytes of it that were read, and were right */
    Preface(int alreadyRead) {
        read = alreadyRead;
    }

    /** Takes what is there of it; false when that is something else. */
    boolean take(ByteBuf in) {
        while (read < BYTES.length && in.isReadable()) {
            if (in.readByte() != BYTES[read++]) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is behind us. */
    boolean whole() {
        return read == BYTES.length;
    }
}
