package io.scrimplb.proxy.h1;

import io.scrimplb.proxy.http.RequestIds;
import java.nio.charset.StandardCharsets;

/** What must be known of a request once its head is gone. Used again for the next. */
final class RequestFacts {
    private final byte[] requestId = new byte[RequestIds.MAX_FOREIGN_LENGTH];
    private int requestIdLength;

    /** Whether the client speaks HTTP/1.1: chunked bodies, interim responses, trailers. */
    boolean modern;

    boolean keepAlive;
    boolean idempotent;
    boolean isHead;
    boolean wantsTrailers;

    /** Whether the client holds its body back until it is asked for it. */
    boolean expectsContinue;

    boolean prefersJson;

    /** The protocol the client asks to change to, in its own words; empty for none. */
    String upgrade = "";

    void take(RequestHead head, RequestIds ids) {
        modern = head.minorVersion == 1;
        keepAlive = head.keepAlive();
        idempotent = head.idempotent();
        isHead = head.methodIs("HEAD");
        wantsTrailers = head.wantsTrailers;
        expectsContinue = head.expectsContinue && head.hasBody();
        prefersJson = head.prefersJson();
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

    void putRequestId(HeadBuffer out) {
        out.put(requestId, 0, requestIdLength);
    }

    String requestId() {
        return new String(requestId, 0, requestIdLength, StandardCharsets.US_ASCII);
    }
}
