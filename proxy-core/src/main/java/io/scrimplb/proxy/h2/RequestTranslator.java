package io.scrimplb.proxy.h2;

import io.scrimplb.proxy.http.Ascii;
import io.scrimplb.proxy.http.Field;
import io.scrimplb.proxy.http.HeadBuffer;
import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.telemetry.ErrorCause;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts a request's field section into HTTP/1.1's form, after checking it as RFC 9113, 8.2 and 8.3 demand. The form is parsed
 * like any other head afterwards, so whatever is refused there is refused here too. Used again for each request of an event
 * loop; not thread-safe.
 */
final class RequestTranslator {
    /** No {@code content-length}. */
    static final long NO_LENGTH = -1;

    private static final int ABSENT = RequestForm.ABSENT;

    /** Of a field that stands more than once; none has this number. */
    private static final int SEVERAL = Integer.MAX_VALUE;

    /** 18 digits fit in a long. */
    private static final int MAX_LENGTH_DIGITS = 18;

    private static final LocalReply HOST_DISAGREES =
            LocalReply.badRequest("the authority and the Host header disagree");
    private static final LocalReply UNKNOWN_PROTOCOL =
            new LocalReply(501, ErrorCause.BAD_REQUEST, "the protocol is not known", 0);

    private final int[] pseudo = new int[PseudoHeader.COUNT];
    private final RequestForm form = new RequestForm();
    private byte @Nullable [] webSocketKey;
    private boolean cookies;
    private int host;
    private long contentLength;
    private @Nullable LocalReply refusal;

    /**
     * Translates.
     *
     * @param secure whether the listener's connections are TLS
     * @param endsStream whether the section ends the request
     * @return null when it is well-formed, which it may be and still get a {@link #refusal}; else what is wrong, as a constant
     *     text, and the stream is to be reset (RFC 9113, 8.1.1)
     */
    @Nullable
    String translate(FieldSection in, boolean secure, boolean endsStream) {
        Arrays.fill(pseudo, ABSENT);
        webSocketKey = null;
        cookies = false;
        host = ABSENT;
        contentLength = NO_LENGTH;
        refusal = null;
        String fault = fields(in);
        if (fault == null) {
            fault = pseudoHeaders(in, secure, endsStream);
        }
        if (fault == null && refusal == null) {
            form.write(in, pseudo, cookies, webSocketKey);
        }
        return fault;
    }

    /** How a well-formed request is refused; null when it is not, or not yet. */
    @Nullable
    LocalReply refusal() {
        return refusal;
    }

    /** The head in HTTP/1.1's form; valid until the next call of {@link #translate}. */
    HeadBuffer form() {
        return form.head();
    }

    /** The key that was made for a WebSocket (RFC 8441), whose form is an upgrade; null when none is asked for. */
    byte @Nullable [] webSocketKey() {
        return webSocketKey;
    }

    /** The {@code content-length}, which the data has to match; {@link #NO_LENGTH} for none. */
    long contentLength() {
        return contentLength;
    }

    private @Nullable String fields(FieldSection in) {
        byte[] b = in.bytes;
        boolean regular = false;
        for (int i = 0; i < in.count; i++) {
            int from = in.nameStart[i];
            int to = in.valueStart[i];
            String fault;
            if (to > from && b[from] == ':') {
                fault = regular ? "a pseudo-header field behind a regular one" : pseudoHeader(in, i);
            } else {
                regular = true;
                fault = regular(in, i);
            }
            if (fault == null) {
                fault = FieldRules.value(b, to, in.valueEnd[i]);
            }
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private @Nullable String pseudoHeader(FieldSection in, int field) {
        String fault = FieldRules.name(in.bytes, in.nameStart[field] + 1, in.valueStart[field]);
        if (fault != null) {
            return fault;
        }
        int which = PseudoHeader.of(in.bytes, in.nameStart[field], in.valueStart[field]);
        if (which == PseudoHeader.UNKNOWN) {
            return "an unknown pseudo-header field";
        }
        if (pseudo[which] != ABSENT) {
            return "a pseudo-header field twice";
        }
        pseudo[which] = field;
        return null;
    }

    private @Nullable String regular(FieldSection in, int field) {
        byte[] b = in.bytes;
        int from = in.nameStart[field];
        int to = in.valueStart[field];
        String fault = FieldRules.name(b, from, to);
        if (fault != null) {
            return fault;
        }
        if (FieldRules.connectionSpecific(b, from, to)) {
            return "a field that concerns an HTTP/1.x connection";
        }
        switch (to - from) {
            case 2 -> {
                if (Field.is(b, from, "te") && !Ascii.equals(b, to, in.valueEnd[field], "trailers")) {
                    return "a te other than trailers";
                }
            }
            case 4 -> {
                if (Field.is(b, from, "host")) {
                    host = host == ABSENT ? field : SEVERAL;
                }
            }
            case 6 -> cookies |= Field.is(b, from, "cookie");
            case 14 -> {
                return Field.is(b, from, "content-length") ? length(b, to, in.valueEnd[field]) : null;
            }
            default -> {}
        }
        return null;
    }

    private @Nullable String length(byte[] b, int from, int to) {
        if (from == to || to - from > MAX_LENGTH_DIGITS) {
            return "a content-length that is not a number";
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            if (!Ascii.isDigit(b[i])) {
                return "a content-length that is not a number";
            }
            value = value * 10 + (b[i] - '0');
        }
        if (contentLength != NO_LENGTH && contentLength != value) {
            return "two different content-length";
        }
        contentLength = value;
        return null;
    }

    private @Nullable String pseudoHeaders(FieldSection in, boolean secure, boolean endsStream) {
        if (pseudo[PseudoHeader.METHOD] == ABSENT) {
            return "no :method";
        }
        byte[] b = in.bytes;
        int method = pseudo[PseudoHeader.METHOD];
        if (!isToken(in, method)) {
            return "a :method that is not a token";
        }
        boolean extended = pseudo[PseudoHeader.PROTOCOL] != ABSENT;
        boolean connect = valueIs(in, method, "CONNECT");
        if (connect && !extended) {
            // RFC 9113, 8.5; the parser refuses the method itself.
            return pseudo[PseudoHeader.SCHEME] == ABSENT
                            && pseudo[PseudoHeader.PATH] == ABSENT
                            && pseudo[PseudoHeader.AUTHORITY] != ABSENT
                            && isTarget(in, pseudo[PseudoHeader.AUTHORITY])
                    ? null
                    : "a CONNECT with a :scheme or :path, or without an :authority";
        }
        if (extended && !connect) {
            return "a :protocol without CONNECT";
        }
        int scheme = pseudo[PseudoHeader.SCHEME];
        int path = pseudo[PseudoHeader.PATH];
        if (scheme == ABSENT || path == ABSENT) {
            return "no :scheme or no :path";
        }
        if (!isTarget(in, path)) {
            return "a :path that is empty or has a forbidden character";
        }
        byte first = b[in.valueStart[path]];
        if (first != '/' && !(valueIs(in, path, "*") && valueIs(in, method, "OPTIONS"))) {
            return "a :path that does not begin with a slash";
        }
        if (endsStream && contentLength > 0) {
            return "a content-length without data";
        }
        if (extended) {
            return extendedConnect(in, endsStream, secure);
        }
        refusal = refusal(in, secure);
        return null;
    }

    private @Nullable String extendedConnect(FieldSection in, boolean endsStream, boolean secure) {
        if (pseudo[PseudoHeader.AUTHORITY] == ABSENT) {
            return "an extended CONNECT without an :authority";
        }
        if (endsStream || contentLength != NO_LENGTH) {
            return "an extended CONNECT with a length, or that ends at once";
        }
        refusal = valueIs(in, pseudo[PseudoHeader.PROTOCOL], "websocket") ? refusal(in, secure) : UNKNOWN_PROTOCOL;
        webSocketKey = refusal == null ? WebSocketKey.next() : null;
        return null;
    }

    private @Nullable LocalReply refusal(FieldSection in, boolean secure) {
        // A proxy that ends TLS before this one says https on a clear connection, and rightly.
        if (!valueIs(in, pseudo[PseudoHeader.SCHEME], "https")
                && (secure || !valueIs(in, pseudo[PseudoHeader.SCHEME], "http"))) {
            return LocalReply.MISDIRECTED;
        }
        int authority = pseudo[PseudoHeader.AUTHORITY];
        if (authority == ABSENT || host == ABSENT) {
            return null;
        }
        boolean same = host != SEVERAL
                && Ascii.sameIgnoringCase(
                        in.bytes,
                        in.valueStart[authority],
                        in.valueEnd[authority],
                        in.valueStart[host],
                        in.valueEnd[host]);
        return same ? null : HOST_DISAGREES;
    }

    private static boolean isToken(FieldSection in, int field) {
        for (int i = in.valueStart[field]; i < in.valueEnd[field]; i++) {
            if (!Ascii.isToken(in.bytes[i])) {
                return false;
            }
        }
        return in.valueEnd[field] > in.valueStart[field];
    }

    private static boolean isTarget(FieldSection in, int field) {
        for (int i = in.valueStart[field]; i < in.valueEnd[field]; i++) {
            if (!Ascii.isTarget(in.bytes[i])) {
                return false;
            }
        }
        return in.valueEnd[field] > in.valueStart[field];
    }

    /** Whether a value is that, told apart by case. */
    private static boolean valueIs(FieldSection in, int field, String word) {
        int from = in.valueStart[field];
        if (in.valueEnd[field] - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (in.bytes[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
