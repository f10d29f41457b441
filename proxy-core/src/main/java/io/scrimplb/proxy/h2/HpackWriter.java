package io.scrimplb.proxy.h2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.scrimplb.proxy.http.Ascii;
import io.scrimplb.proxy.http.Field;
import java.util.Arrays;

/**
 * Encodes field sections with HPACK (RFC 7541) without state: names by the static table, all else literal and not indexed. That
 * is half as much again on the wire as with a dynamic table, costs no look-up and no object a field, and keeps no field of one
 * response where another could be compared with it (CRIME). Used again; not thread-safe.
 */
final class HpackWriter {
    /** Ends use of the dynamic table (RFC 7541, 6.3), whatever size the peer allows; leads a connection's first block. */
    static final byte NO_DYNAMIC_TABLE = 0x20;

    private static final int INDEXED = 0x80;
    private static final int FOUR_BITS = 0x0f;
    private static final int SEVEN_BITS = 0x7f;
    private static final int STATUS_NAME = 8;

    /** Sections are seldom longer; what a longer one took is given back with {@link #begin}. */
    private static final int KEPT_BYTES = 8 * 1024;

    private byte[] bytes = new byte[1024];
    private int length;

    void begin() {
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[KEPT_BYTES];
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** @param code three digits */
    void status(int code) {
        int index = switch (code) {
            case 200 -> 8;
            case 204 -> 9;
            case 206 -> 10;
            case 304 -> 11;
            case 400 -> 12;
            case 404 -> 13;
            case 500 -> 14;
            default -> 0;
        };
        reserve(5);
        if (index > 0) {
            bytes[length++] = (byte) (INDEXED | index);
            return;
        }
        bytes[length++] = STATUS_NAME;
        bytes[length++] = 3;
        bytes[length++] = (byte) ('0' + code / 100);
        bytes[length++] = (byte) ('0' + code / 10 % 10);
        bytes[length++] = (byte) ('0' + code % 10);
    }

    /** A field, its name in any case. */
    void field(byte[] from, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        // A length takes at most five bytes more for what a head can hold.
        reserve(nameEnd - nameStart + valueEnd - valueStart + 12);
        int index = StaticNames.index(from, nameStart, nameEnd);
        integer(0, FOUR_BITS, index);
        if (index == 0) {
            integer(0, SEVEN_BITS, nameEnd - nameStart);
            for (int i = nameStart; i < nameEnd; i++) {
                byte c = from[i];
                bytes[length++] = c >= 'A' && c <= 'Z' ? (byte) (c + 32) : c;
            }
        }
        integer(0, SEVEN_BITS, valueEnd - valueStart);
        System.arraycopy(from, valueStart, bytes, length, valueEnd - valueStart);
        length += valueEnd - valueStart;
    }

    /**
     * The field of a header line.
     *
     * @param at where the line begins; it ends with CRLF
     * @param colon where its name ends
     * @return where the next line begins
     */
    int line(byte[] b, int at, int colon) {
        int lineEnd = until(b, colon, '\r');
        int from = valueStart(b, colon);
        field(b, at, colon, from, valueEnd(b, from, lineEnd));
        return lineEnd + 2;
    }

    /** The same, under a name of the static table. */
    void line(int staticName, byte[] b, int colon) {
        int from = valueStart(b, colon);
        field(staticName, b, from, valueEnd(b, from, until(b, colon, '\r')));
    }

    private static int valueStart(byte[] b, int colon) {
        int at = colon + 1;
        while (Ascii.isBlank(b[at])) {
            at++;
        }
        return at;
    }

    private static int valueEnd(byte[] b, int from, int lineEnd) {
        int at = lineEnd;
        while (at > from && Ascii.isBlank(b[at - 1])) {
            at--;
        }
        return at;
    }

    /** Where the next such byte is, which must be there. */
    static int until(byte[] b, int from, char c) {
        int at = from;
        while (b[at] != c) {
            at++;
        }
        return at;
    }

    /** A field of the static table, name and value. */
    void indexed(int staticField) {
        reserve(1);
        bytes[length++] = (byte) (INDEXED | staticField);
    }

    /** A field whose name is in the static table. */
    void field(int staticName, byte[] from, int valueStart, int valueEnd) {
        int size = valueEnd - valueStart;
        reserve(size + 12);
        integer(0, FOUR_BITS, staticName);
        integer(0, SEVEN_BITS, size);
        System.arraycopy(from, valueStart, bytes, length, size);
        length += size;
    }

    /** A field whose value is a number that is not negative. */
    void field(int staticName, long value) {
        byte[] digits = Long.toString(value).getBytes(US_ASCII);
        reserve(digits.length + 12);
        integer(0, FOUR_BITS, staticName);
        integer(0, SEVEN_BITS, digits.length);
        System.arraycopy(digits, 0, bytes, length, digits.length);
        length += digits.length;
    }

    /** RFC 7541, 5.1. */
    private void integer(int flags, int mask, int value) {
        if (value < mask) {
            bytes[length++] = (byte) (flags | value);
            return;
        }
        bytes[length++] = (byte) (flags | mask);
        int rest = value - mask;
        while (rest > SEVEN_BITS) {
            bytes[length++] = (byte) (INDEXED | rest & SEVEN_BITS);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }

    /** The names of the static table (RFC 7541, appendix A), told apart by length and first and last letter. */
    static final class StaticNames {
        static final int CONTENT_LENGTH = 28;
        static final int STRICT_TRANSPORT_SECURITY = 56;

        private static final int FIRST = 15;
        private static final String[] NAMES = {
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "accept-ranges",
            "accept",
            "access-control-allow-origin",
            "age",
            "allow",
            "authorization",
            "cache-control",
            "content-disposition",
            "content-encoding",
            "content-language",
            "content-length",
            "content-location",
            "content-range",
            "content-type",
            "cookie",
            "date",
            "etag",
            "expect",
            "expires",
            "from",
            "host",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "last-modified",
            "link",
            "location",
            "max-forwards",
            "proxy-authenticate",
            "proxy-authorization",
            "range",
            "referer",
            "refresh",
            "retry-after",
            "server",
            "set-cookie",
            "strict-transport-security",
            "transfer-encoding",
            "user-agent",
            "vary",
            "via",
            "www-authenticate"
        };

        private static final int SLOTS = 512;
        private static final byte[] TABLE = table();

        private StaticNames() {}

        /** Index of a name, in any case; 0 when the table has none. */
        static int index(byte[] b, int start, int end) {
            int size = end - start;
            if (size == 0) {
                return 0;
            }
            int slot = slot(size, b[start], b[end - 1]);
            while (TABLE[slot] != 0) {
                String name = NAMES[TABLE[slot] - FIRST];
                if (name.length() == size && Field.is(b, start, name)) {
                    return TABLE[slot];
                }
                slot = (slot + 1) % SLOTS;
            }
            return 0;
        }

        private static int slot(int size, int first, int last) {
            return (size * 31 + (first & 0x1f) * 7 + (last & 0x1f) * 3) % SLOTS;
        }

        private static byte[] table() {
            byte[] table = new byte[SLOTS];
            for (int i = 0; i < NAMES.length; i++) {
                String name = NAMES[i];
                int slot = slot(name.length(), name.charAt(0), name.charAt(name.length() - 1));
                while (table[slot] != 0) {
                    slot = (slot + 1) % SLOTS;
                }
                table[slot] = (byte) (FIRST + i);
            }
            return table;
        }
    }
}
