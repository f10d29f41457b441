package io.scrimplb.proxy.h2;

import static io.scrimplb.proxy.h2.HpackWriter.until;

import io.scrimplb.proxy.exchange.OutgoingRequest;
import io.scrimplb.proxy.http.Field;

/**
 * Encodes the head of a request for an endpoint as a field section (RFC 9113, 8.3.1), from the form that HTTP/1.1 gives it. One an
 * event loop; not thread-safe.
 */
final class RequestFields {
    // Entries of the static table (RFC 7541, appendix A).
    private static final int AUTHORITY = 1;
    private static final int METHOD_GET = 2;
    private static final int METHOD_POST = 3;
    private static final int PATH_SLASH = 4;
    private static final int SCHEME_HTTP = 6;
    private static final int SCHEME_HTTPS = 7;

    private final HpackWriter out = new HpackWriter();

    /**
     * The head of a request; valid until the next call.
     *
     * @param secure whether the endpoint is spoken with by TLS
     */
    EncodedFields head(OutgoingRequest request, boolean secure) {
        byte[] b = request.first().array();
        out.begin();
        int methodEnd = until(b, 0, ' ');
        method(b, methodEnd);
        out.indexed(secure ? SCHEME_HTTPS : SCHEME_HTTP);
        int target = methodEnd + 1;
        int targetEnd = until(b, target, ' ');
        if (targetEnd - target == 1 && b[target] == '/') {
            out.indexed(PATH_SLASH);
        } else {
            out.field(PATH_SLASH, b, target, targetEnd);
        }
        int lines = until(b, targetEnd, '\n') + 1;
        authority(b, lines);
        fields(b, lines);
        return new EncodedFields(out.bytes(), out.length(), false);
    }

    private void method(byte[] b, int end) {
        if (is(b, end, "GET")) {
            out.indexed(METHOD_GET);
        } else if (is(b, end, "POST")) {
            out.indexed(METHOD_POST);
        } else {
            out.field(METHOD_GET, b, 0, end);
        }
    }

    /** Pseudo-header fields come before the others, and the Host line may stand anywhere. */
    private void authority(byte[] b, int lines) {
        for (int at = lines; b[at] != '\r'; at = until(b, at, '\n') + 1) {
            int colon = until(b, at, ':');
            if (Field.kind(b, at, colon - at) == Field.HOST) {
                out.line(AUTHORITY, b, colon);
                return;
            }
        }
    }

    private void fields(byte[] b, int lines) {
        int at = lines;
        while (b[at] != '\r') {
            int colon = until(b, at, ':');
            boolean passes = switch (Field.kind(b, at, colon - at)) {
                // What concerns the connection alone has no place here (RFC 9113, 8.2.2).
                case Field.HOST, Field.CONNECTION, Field.TRANSFER_ENCODING, Field.UPGRADE, Field.HOP_BY_HOP -> false;
                default -> true;
            };
            at = passes ? out.line(b, at, colon) : until(b, colon, '\n') + 1;
        }
    }

    /** Whether the first bytes are that word, told apart by case. */
    private static boolean is(byte[] b, int end, String word) {
        if (end != word.length()) {
            return false;
        }
        for (int i = 0; i < end; i++) {
            if (b[i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
