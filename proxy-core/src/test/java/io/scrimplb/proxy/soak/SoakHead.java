package io.scrimplb.proxy.soak;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Collects one head of either direction and answers the few questions that the load has about it. */
final class SoakHead {
    private static final int MOST_BYTES = 8192;

    /** Looked at in one go: about a head, so that little of what follows is copied in vain. */
    private static final int STEP_BYTES = 256;

    private final byte[] bytes = new byte[MOST_BYTES];
    private int length;
    private boolean complete;

    /** Takes bytes up to the end of the head, and tells whether it is complete; the next call begins another one. */
    boolean feed(ByteBuf in) {
        if (complete) {
            complete = false;
            length = 0;
        }
        while (in.isReadable()) {
            int count = Math.min(Math.min(in.readableBytes(), STEP_BYTES), MOST_BYTES - length);
            in.getBytes(in.readerIndex(), bytes, length, count);
            for (int i = Math.max(3, length); i < length + count; i++) {
                if (bytes[i] == '\n' && bytes[i - 2] == '\n') {
                    in.skipBytes(i + 1 - length);
                    length = i + 1;
                    complete = true;
                    return true;
                }
            }
            in.skipBytes(count);
            length += count;
        }
        return false;
    }

    boolean isGet() {
        return bytes[0] == 'G';
    }

    int status() {
        return (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
    }

    /** The value of Content-Length, or -1. */
    int contentLength() {
        int at = find("content-length: ");
        return at < 0 ? -1 : number(at);
    }

    boolean has(String lowerCaseLine) {
        return find(lowerCaseLine) >= 0;
    }

    /** The number in one segment of a path like {@code /10/20}. */
    int pathNumber(int segment) {
        int at = 0;
        for (int seen = -1; seen < segment; at++) {
            if (bytes[at] == '/') {
                seen++;
            }
        }
        return number(at);
    }

    private int number(int at) {
        int value = 0;
        for (int i = at; bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }

    /** Where the value behind a line's beginning starts, letters of any case; -1 for nowhere. */
    private int find(String lineStart) {
        for (int line = 0; line < length; line++) {
            if (line > 0 && bytes[line - 1] != '\n') {
                continue;
            }
            int i = 0;
            while (i < lineStart.length() && line + i < length && lower(bytes[line + i]) == lineStart.charAt(i)) {
                i++;
            }
            if (i == lineStart.length()) {
                return line + i;
            }
        }
        return -1;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.US_ASCII)
                .replace("\r\n", " | ")
                .toLowerCase(Locale.ROOT);
    }
}
