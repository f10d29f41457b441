package io.scrimplb.proxy.h2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.scrimplb.proxy.http.HeadBuffer;
import io.scrimplb.proxy.http.ResponseHead;
import io.scrimplb.proxy.spec.LimitSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a response's field section: checks it as RFC 9113, 8.2 and 8.3.2 demand, puts it into HTTP/1.1's form, and has that
 * parsed like any other head. Used again for each response of an event loop; not thread-safe.
 */
final class ResponseTranslator {
    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(US_ASCII);
    private static final byte[] COLON = ": ".getBytes(US_ASCII);
    private static final byte[] SPACE = {' '};
    private static final byte[] STATUS = ":status".getBytes(US_ASCII);

    private final HeadBuffer form = new HeadBuffer();

    /**
     * Reads a head into {@code head}.
     *
     * @param answersHead whether it is the response to a HEAD
     * @param endsStream whether nothing comes behind it
     * @return null when it is fine, else what is wrong with it, as a constant text
     */
    @Nullable
    String translate(FieldSection in, ResponseHead head, LimitSpec limits, boolean answersHead, boolean endsStream) {
        String fault = in.overflown() ? "the response head is too large" : write(in);
        if (fault == null) {
            fault = head.parse(form.array(), form.length(), limits);
        }
        if (fault != null) {
            return fault;
        }
        head.http2 = true;
        head.endsStream = endsStream;
        if (head.status == 101 || (head.status < 200 && endsStream)) {
            return "an interim response that ends the stream, or 101";
        }
        return endsStream && head.lines.contentLength > 0 && !head.bodiless(answersHead)
                ? "a content-length without data"
                : null;
    }

    private @Nullable String write(FieldSection in) {
        form.clear();
        String fault = status(in);
        for (int i = 1; i < in.count && fault == null; i++) {
            fault = field(in, i);
        }
        if (fault == null) {
            form.crlf();
        }
        return fault;
    }

    private @Nullable String status(FieldSection in) {
        if (in.count == 0 || !Arrays.equals(in.bytes, in.nameStart[0], in.valueStart[0], STATUS, 0, STATUS.length)) {
            return "no :status";
        }
        if (in.valueEnd[0] - in.valueStart[0] != 3) {
            return "the status is not three digits";
        }
        form.put(VERSION);
        form.put(in.bytes, in.valueStart[0], in.valueEnd[0]);
        form.put(SPACE);
        form.crlf();
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
        form.put(b, from, to);
        form.put(COLON);
        form.put(b, to, in.valueEnd[field]);
        form.crlf();
        return null;
    }
}
