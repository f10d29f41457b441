package io.scrimplb.proxy.http;

/** Which bytes may stand where in an HTTP/1.x head (RFC 9110, 5.5 and 5.6.2; RFC 9112, 3). */
public final class Ascii {
    private static final byte TOKEN = 1;
    private static final byte TARGET = 2;
    private static final byte VALUE = 4;
    private static final byte HOST = 8;
    private static final byte[] CLASSES = classes();

    private Ascii() {}

    public static boolean isToken(byte b) {
        return (CLASSES[b & 0xff] & TOKEN) != 0;
    }

    /** Visible ASCII without {@code #}: a fragment has no place in a request, and other bytes are percent-encoded. */
    public static boolean isTarget(byte b) {
        return (CLASSES[b & 0xff] & TARGET) != 0;
    }

    /** Visible bytes, space, tab and bytes over 127. */
    public static boolean isValue(byte b) {
        return (CLASSES[b & 0xff] & VALUE) != 0;
    }

    /** What a host name is made of: letters, digits and {@code - . _ ~}. */
    public static boolean isHost(byte b) {
        return (CLASSES[b & 0xff] & HOST) != 0;
    }

    /** The value of a hexadecimal digit, or -1. */
    public static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int folded = b | 0x20;
        return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
    }

    public static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Whether a span equals a lower-case word, whatever its case. */
    public static boolean equals(byte[] b, int start, int end, String word) {
        return end - start == word.length() && Field.is(b, start, word);
    }

    /** Whether a span begins with a lower-case word, whatever its case. */
    public static boolean startsWith(byte[] b, int start, int end, String word) {
        return end - start >= word.length() && Field.is(b, start, word);
    }

    /** Whether two spans are equal, whatever their case. */
    public static boolean sameIgnoringCase(byte[] b, int start, int end, int otherStart, int otherEnd) {
        if (end - start != otherEnd - otherStart) {
            return false;
        }
        for (int i = 0; i < end - start; i++) {
            if (lower(b[start + i]) != lower(b[otherStart + i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether a comma-separated list has a token (lower case) in it, whatever its case; parameters are not looked at. */
    public static boolean listHas(byte[] b, int start, int end, String token) {
        int at = start;
        while (at < end) {
            int comma = at;
            while (comma < end && b[comma] != ',') {
                comma++;
            }
            int from = at;
            int to = comma;
            while (from < to && isBlank(b[from])) {
                from++;
            }
            while (to > from && isBlank(b[to - 1])) {
                to--;
            }
            if (equals(b, from, to, token)) {
                return true;
            }
            at = comma + 1;
        }
        return false;
    }

    /** Whether a lower-case word is in a span, whatever its case. */
    public static boolean contains(byte[] b, int start, int end, String word) {
        for (int i = start; i <= end - word.length(); i++) {
            if (Field.is(b, i, word)) {
                return true;
            }
        }
        return false;
    }

    public static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int c = 0; c < 256; c++) {
            boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (alphanumeric || (c > 0 && c < 127 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0)) {
                classes[c] |= TOKEN;
            }
            if (alphanumeric || c == '-' || c == '.' || c == '_' || c == '~') {
                classes[c] |= HOST;
            }
            if (c > 0x20 && c < 0x7f && c != '#') {
                classes[c] |= TARGET;
            }
            if (c == '\t' || (c >= 0x20 && c != 0x7f)) {
                classes[c] |= VALUE;
            }
        }
        return classes;
    }
}
