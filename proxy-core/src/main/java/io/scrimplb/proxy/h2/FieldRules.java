package io.scrimplb.proxy.h2;

import io.scrimplb.proxy.http.Ascii;
import io.scrimplb.proxy.http.Field;
import org.jspecify.annotations.Nullable;

/**
 * What a field of an HTTP/2 message may be made of, and which have no place in one (RFC 9113, 8.2). What is let through here
 * cannot end a line, or begin another one, when it is put into HTTP/1.1's form (VU#357312, CVE-2021-31405 and their like).
 */
final class FieldRules {
    private FieldRules() {}

    /** @return null when the name is one of a regular field, else what is wrong with it, as a constant text */
    static @Nullable String name(byte[] b, int start, int end) {
        if (start == end) {
            return "a field without a name";
        }
        for (int i = start; i < end; i++) {
            if (b[i] >= 'A' && b[i] <= 'Z') {
                return "a field name in upper case";
            }
            if (!Ascii.isToken(b[i])) {
                return "a field name with a forbidden character";
            }
        }
        return null;
    }

    /** @return null when a value is fine, else what is wrong with it, as a constant text */
    static @Nullable String value(byte[] b, int start, int end) {
        for (int i = start; i < end; i++) {
            if (!Ascii.isValue(b[i])) {
                return "a field value with a forbidden character";
            }
        }
        if (end > start && (Ascii.isBlank(b[start]) || Ascii.isBlank(b[end - 1]))) {
            return "a field value that begins or ends with white space";
        }
        return null;
    }

    /** Whether a field concerns an HTTP/1.x connection and has no meaning here (RFC 9113, 8.2.2). */
    static boolean connectionSpecific(byte[] b, int nameStart, int nameEnd) {
        return switch (nameEnd - nameStart) {
            case 7 -> Field.is(b, nameStart, "upgrade");
            case 10 -> Field.is(b, nameStart, "connection") || Field.is(b, nameStart, "keep-alive");
            case 16 -> Field.is(b, nameStart, "proxy-connection");
            case 17 -> Field.is(b, nameStart, "transfer-encoding");
            default -> false;
        };
    }
}
