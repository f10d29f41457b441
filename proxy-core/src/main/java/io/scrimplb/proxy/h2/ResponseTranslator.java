package io.scrimplb.proxy.h2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts a response's field section into HTTP/1.1's form, after checking it as RFC 9113, 8.2 and 8.3.2 demand. The form is parsed
 * like any other head afterwards. Used again for each response of an event loop; not thread-safe.
 */
final class ResponseTranslator {
    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(US_ASCII);
    private static final byte[] COLON = ": ".getBytes(US_ASCII);
    private static final byte[] CRLF = "\r\n".getBytes(US_ASCII);
    private static final byte[] SPACE = {' '};
    private static final byte[] STATUS = ":status".getBytes(US_ASCII);

    private byte[] form = new byte[1024];
    private int formLength;

    /** @return null when it is well-formed, else what is wrong with it, as a constant text */
    @Nullable
    String translate(FieldSection in) {
        formLength = 0;
        String fault = status(in);
        for (int i = 1; i < in.count && fault == null; i++) {
            fault = field(in, i);
        }
        if (fault == null) {
            put(CRLF, 0, CRLF.length);
        }
        return fault;
    }

    /** The head in HTTP/1.1's form, from index 0; valid until the next call of {@link #translate}. */
    byte[] form() {
        return form;
    }

    int formLength() {
        return formLength;
    }

    private @Nullable String status(FieldSection in) {
        if (in.count == 0 || !Arrays.equals(in.bytes, in.nameStart[0], in.valueStart[0], STATUS, 0, STATUS.length)) {
            return "no :status";
        }
        if (in.valueEnd[0] - in.valueStart[0] != 3) {
            return "the status is not three digits";
        }
        put(VERSION, 0, VERSION.length);
        put(in.bytes, in.valueStart[0], in.valueEnd[0]);
        put(SPACE, 0, 1);
        put(CRLF, 0, CRLF.length);
        return null;
    }

    private @Nullable String field(FieldSection in, int field) {
        byte[] b = in.bytes;
        int from = in.nameStart[field];
        int to = in.valueStart[field];
        // A further pseudo-header field is refused with its colon, which is no character of a name.
        String fault = FieldRules.name(b, from, to);
        if (fault != null) {
            return fault;
        }
        if (FieldRules.connectionSpecific(b, from, to)) {
            return "a field that concerns an HTTP/1.x connection";
        }
        fault = FieldRules.value(b, to, in.valueEnd[field]);
        if (fault != null) {
            return fault;
        }
        put(b, from, to);
        put(COLON, 0, COLON.length);
        put(b, to, in.valueEnd[field]);
        put(CRLF, 0, CRLF.length);
        return null;
    }

    private void put(byte[] from, int start, int end) {
        int count = end - start;
        if (form.length - formLength < count) {
            form = Arrays.copyOf(form, Math.max(form.length * 2, formLength + count));
        }
        System.arraycopy(from, start, form, formLength, count);
        formLength += count;
    }
}
