package io.scrimplb.proxy.h2;

import io.scrimplb.proxy.http.Ascii;
import io.scrimplb.proxy.http.HeaderLines;
import io.scrimplb.proxy.http.ResponseHead;
import io.scrimplb.proxy.spec.LimitSpec;
import org.jspecify.annotations.Nullable;

/** Encodes heads and trailers of responses as field sections (RFC 9113, 8.3.2). One an event loop; not thread-safe. */
final class ResponseFields {
    private final HpackWriter out = new HpackWriter();
    private final ResponseHead local = new ResponseHead();
    private int localEnd;

    /**
     * The head of a response, interim or final; valid until the next call.
     *
     * @param hsts takes the place of what the application says of it; null to leave that as it is
     */
    EncodedFields head(ResponseHead head, byte @Nullable [] hsts) {
        out.begin();
        out.status(head.status);
        lines(head, hsts != null);
        if (hsts != null) {
            out.field(HpackWriter.StaticNames.STRICT_TRANSPORT_SECURITY, hsts, 0, hsts.length);
        }
        HeaderLines lines = head.lines;
        if (lines.contentLength != HeaderLines.NO_LENGTH && head.status != 204 && head.status >= 200) {
            out.field(HpackWriter.StaticNames.CONTENT_LENGTH, lines.contentLength);
        }
        return new EncodedFields(out.bytes(), out.length(), head.status < 200);
    }

    /** The answer to an extended CONNECT that an endpoint took as an upgrade (RFC 8441, 5); valid until the next call. */
    EncodedFields tunnel(ResponseHead head) {
        out.begin();
        out.status(200);
        lines(head, false);
        return new EncodedFields(out.bytes(), out.length(), false);
    }

    /**
     * The head of a reply of this proxy; valid until the next call.
     *
     * @param reply as {@link io.scrimplb.proxy.http.LocalReply#render} puts it
     */
    EncodedFields local(byte[] reply) {
        localEnd = 4;
        while (reply[localEnd - 1] != '\n'
                || reply[localEnd - 2] != '\r'
                || reply[localEnd - 3] != '\n'
                || reply[localEnd - 4] != '\r') {
            localEnd++;
        }
        String fault = local.parse(reply, localEnd, LimitSpec.defaults());
        if (fault != null) {
            throw new IllegalStateException(fault);
        }
        return head(local, null);
    }

    /** Where the body of that reply begins. */
    int localEnd() {
        return localEnd;
    }

    /**
     * A trailer.
     *
     * @param lines each with its CRLF, as {@link io.scrimplb.proxy.http.TrailerFields#allowed} gives them
     */
    EncodedFields trailer(byte[] lines) {
        out.begin();
        int at = 0;
        while (at < lines.length) {
            at = out.line(lines, at, HpackWriter.until(lines, at, ':'));
        }
        // It may have to wait behind data.
        byte[] own = out.toBytes();
        return new EncodedFields(own, own.length, false);
    }

    private void lines(ResponseHead head, boolean ownHsts) {
        HeaderLines lines = head.lines;
        byte[] b = head.bytes;
        for (int i = 0; i < lines.count; i++) {
            boolean accept = head.status == 101 && isAccept(b, lines.nameStart[i], lines.nameEnd[i]);
            if (!accept && head.passes(i, ownHsts)) {
                out.field(b, lines.nameStart[i], lines.nameEnd[i], lines.valueStart[i], lines.valueEnd[i]);
            }
        }
    }

    private static boolean isAccept(byte[] b, int start, int end) {
        return Ascii.equals(b, start, end, WebSocketKey.ACCEPT_FIELD);
    }
}
