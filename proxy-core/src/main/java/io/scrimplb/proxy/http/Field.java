package io.scrimplb.proxy.http;

/**
 * The header fields that mean something to a proxy. A kind is a small number, so that a parsed head is a few arrays and a
 * writer a switch.
 */
public final class Field {
    /** Any other field: passes as it is. */
    public static final int OTHER = 0;
    /** Was named in {@code Connection}, or means nothing beyond this hop: never passes (RFC 9110, 7.6.1). */
    public static final int HOP_BY_HOP = 1;

    public static final int HOST = 2;
    public static final int CONNECTION = 3;
    public static final int CONTENT_LENGTH = 4;
    public static final int TRANSFER_ENCODING = 5;
    public static final int UPGRADE = 6;
    public static final int EXPECT = 7;
    public static final int TE = 8;
    public static final int TRAILER = 9;
    public static final int X_FORWARDED_FOR = 10;
    public static final int X_FORWARDED_PROTO = 11;
    public static final int X_FORWARDED_HOST = 12;
    public static final int X_FORWARDED_PORT = 13;
    public static final int X_REQUEST_ID = 14;
    /** {@code Forwarded}, {@code X-Real-IP} and further {@code X-Forwarded-*}: passed on only from a trusted peer. */
    public static final int OTHER_FORWARDING = 15;

    public static final int ACCEPT = 16;
    public static final int USER_AGENT = 17;
    /** A forwarding field spelt with underscores, which many applications cannot tell from the real one: never passes. */
    public static final int LOOK_ALIKE = 18;

    public static final int STRICT_TRANSPORT_SECURITY = 19;

    private static final String FORWARDED_FAMILY = "x-forwarded-";

    private Field() {}

    /** The kind of a field name, whatever its case. */
    public static int kind(byte[] b, int offset, int length) {
        int known = named(b, offset, length);
        return known == OTHER ? family(b, offset, length) : known;
    }

    private static int named(byte[] b, int offset, int length) {
        return switch (length) {
            case 2 -> is(b, offset, "te") ? TE : OTHER;
            case 4 -> is(b, offset, "host") ? HOST : OTHER;
            // An application behind CGI would take it for the variable HTTP_PROXY (httpoxy, CVE-2016-5385).
            case 5 -> is(b, offset, "proxy") ? HOP_BY_HOP : OTHER;
            case 6 -> is(b, offset, "expect") ? EXPECT : is(b, offset, "accept") ? ACCEPT : OTHER;
            case 7 -> is(b, offset, "upgrade") ? UPGRADE : is(b, offset, "trailer") ? TRAILER : OTHER;
            case 9 -> forwarding(b, offset, "forwarded", "x-real-ip");
            case 10 -> ofLength10(b, offset);
            case 12 -> lookAlikeOr(b, offset, "x-request-id", X_REQUEST_ID);
            case 14 ->
                is(b, offset, "content-length")
                        ? CONTENT_LENGTH
                        : is(b, offset, "http2-settings") ? HOP_BY_HOP : lookAlike(b, offset, "content-length");
            case 15 -> lookAlikeOr(b, offset, "x-forwarded-for", X_FORWARDED_FOR);
            case 16 -> ofLength16(b, offset);
            case 17 ->
                is(b, offset, "transfer-encoding")
                        ? TRANSFER_ENCODING
                        : lookAlike(b, offset, "transfer-encoding") == LOOK_ALIKE
                                ? LOOK_ALIKE
                                : lookAlikeOr(b, offset, "x-forwarded-proto", X_FORWARDED_PROTO);
            case 19 -> is(b, offset, "proxy-authorization") ? HOP_BY_HOP : OTHER;
            case 25 -> is(b, offset, "strict-transport-security") ? STRICT_TRANSPORT_SECURITY : OTHER;
            default -> OTHER;
        };
    }

    /** The rest of the family: X-Forwarded-Prefix, -Server, -Ssl and whatever else an application believes. */
    private static int family(byte[] b, int offset, int length) {
        return length > FORWARDED_FAMILY.length() ? lookAlikeOr(b, offset, FORWARDED_FAMILY, OTHER_FORWARDING) : OTHER;
    }

    /** Whether a field may not be taken away by naming it in {@code Connection}, which would let a client do so. */
    public static boolean protectedFromConnection(int kind) {
        return switch (kind) {
            case HOST,
                    CONTENT_LENGTH,
                    TRANSFER_ENCODING,
                    X_FORWARDED_FOR,
                    X_FORWARDED_PROTO,
                    X_FORWARDED_HOST,
                    X_FORWARDED_PORT,
                    X_REQUEST_ID,
                    OTHER_FORWARDING -> true;
            default -> false;
        };
    }

    /** Whether bytes equal a lower-case ASCII word of the same length, whatever their case. */
    public static boolean is(byte[] b, int offset, String word) {
        for (int i = 0; i < word.length(); i++) {
            byte c = b[offset + i];
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int ofLength10(byte[] b, int offset) {
        if (is(b, offset, "connection")) {
            return CONNECTION;
        }
        return is(b, offset, "user-agent") ? USER_AGENT : is(b, offset, "keep-alive") ? HOP_BY_HOP : OTHER;
    }

    private static int ofLength16(byte[] b, int offset) {
        if (is(b, offset, "proxy-connection")) {
            return HOP_BY_HOP;
        }
        int kind = lookAlikeOr(b, offset, "x-forwarded-host", X_FORWARDED_HOST);
        return kind == OTHER ? lookAlikeOr(b, offset, "x-forwarded-port", X_FORWARDED_PORT) : kind;
    }

    private static int forwarding(byte[] b, int offset, String first, String second) {
        int kind = lookAlikeOr(b, offset, first, OTHER_FORWARDING);
        return kind == OTHER ? lookAlikeOr(b, offset, second, OTHER_FORWARDING) : kind;
    }

    private static int lookAlikeOr(byte[] b, int offset, String word, int kind) {
        return is(b, offset, word) ? kind : lookAlike(b, offset, word);
    }

    /** The word with an underscore in place of at least one hyphen. */
    private static int lookAlike(byte[] b, int offset, String word) {
        for (int i = 0; i < word.length(); i++) {
            byte c = b[offset + i];
            int folded = c >= 'A' && c <= 'Z' ? c + 32 : c == '_' ? '-' : c;
            if (folded != word.charAt(i)) {
                return OTHER;
            }
        }
        return LOOK_ALIKE;
    }
}
