package io.scrimplb.proxy.exchange;

import io.scrimplb.proxy.http.HeadBuffer;
import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.http.RequestIds;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What must be known of a request once its head is gone. Used again for the next. */
public final class RequestFacts {
    private final byte[] requestId = new byte[RequestIds.MAX_FOREIGN_LENGTH];
    private int requestIdLength;

    /** Whether the client speaks HTTP/1.1 or 2: bodies without a length, interim responses, trailers. */
    public boolean modern;

    public boolean keepAlive;
    boolean idempotent;
    public boolean isHead;
    public boolean wantsTrailers;

    /** Whether the client holds its body back until it is asked for it. */
    boolean expectsContinue;

    public boolean prefersJson;

    /** Value of the Strict-Transport-Security that the response is given in place of its own; null for none (RFC 6797, 7). */
    public byte @Nullable [] hsts;

    /** The protocol the client asks to change to, in its own words; empty for none. */
    String upgrade = "";

    public void take(RequestHead head, RequestIds ids) {
        modern = head.minorVersion == 1;
        keepAlive = head.keepAlive();
        idempotent = head.idempotent();
        isHead = head.methodIs("HEAD");
        // HTTP/2 tells trailers from data by itself.
        wantsTrailers = head.wantsTrailers || head.http2;
        expectsContinue = head.expectsContinue && head.hasBody();
        prefersJson = head.prefersJson();
        hsts = null;
        upgrade = head.upgrade ? head.value(head.upgradeLine) : "";
        requestIdLength = requestId(head, ids);
    }

    /** Takes over the client's request id when it is a decent one, else makes one. */
    private int requestId(RequestHead head, RequestIds ids) {
        int line = head.requestIdLine;
        if (line >= 0) {
            int from = head.lines.valueStart[line];
            int size = head.lines.valueEnd[line] - from;
            if (RequestIds.acceptable(head.bytes, from, size)) {
                System.arraycopy(head.bytes, from, requestId, 0, size);
                return size;
            }
        }
        ids.next(requestId, 0);
        return RequestIds.LENGTH;
    }

    public void putRequestId(HeadBuffer out) {
        out.put(requestId, 0, requestIdLength);
    }

    public String requestId() {
        return new String(requestId, 0, requestIdLength, StandardCharsets.US_ASCII);
    }
}
