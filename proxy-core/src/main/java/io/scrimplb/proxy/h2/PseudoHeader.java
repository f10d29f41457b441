package io.scrimplb.proxy.h2;

import io.scrimplb.proxy.http.Field;

/** The pseudo-header fields of a request (RFC 9113, 8.3.1; RFC 8441, 4), as small numbers. */
final class PseudoHeader {
    static final int METHOD = 0;
    static final int SCHEME = 1;
    static final int AUTHORITY = 2;
    static final int PATH = 3;
    static final int PROTOCOL = 4;
    static final int COUNT = 5;
    static final int UNKNOWN = -1;

    private PseudoHeader() {}

    /** Which one a name is, told apart by case. */
    static int of(byte[] b, int start, int end) {
        return switch (end - start) {
            case 5 -> is(b, start, ":path") ? PATH : UNKNOWN;
            case 7 -> is(b, start, ":method") ? METHOD : is(b, start, ":scheme") ? SCHEME : UNKNOWN;
            case 9 -> is(b, start, ":protocol") ? PROTOCOL : UNKNOWN;
            case 10 -> is(b, start, ":authority") ? AUTHORITY : UNKNOWN;
            default -> UNKNOWN;
        };
    }

    private static boolean is(byte[] b, int start, String word) {
        // An upper-case letter is not let through: it has been refused before.
        return Field.is(b, start, word);
    }
}
