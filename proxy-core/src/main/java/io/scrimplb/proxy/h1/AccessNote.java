package io.scrimplb.proxy.h1;

import io.scrimplb.proxy.http.Field;
import org.jspecify.annotations.Nullable;

/**
 * What the access log needs of a request once its head is gone. Made only while somebody reads the log.
 *
 * @param host host as the client named it, without the port
 * @param path path and query as the client sent them
 */
record AccessNote(
        long startMillis,
        @Nullable String host,
        String method,
        String path,
        String protocol,
        @Nullable String userAgent) {

    static AccessNote of(RequestHead head) {
        String agent = null;
        HeaderLines lines = head.lines;
        for (int i = 0; i < lines.count; i++) {
            if (lines.kind[i] == Field.USER_AGENT) {
                agent = head.text(lines.valueStart[i], lines.valueEnd[i]);
            }
        }
        return new AccessNote(
                System.currentTimeMillis(),
                head.hostEnd > head.hostStart ? head.text(head.hostStart, head.hostEnd) : null,
                head.text(0, head.methodEnd),
                head.pathEnd == head.pathStart
                        ? "/" + head.text(head.pathEnd, head.targetEnd)
                        : head.text(head.pathStart, head.targetEnd),
                head.minorVersion == 1 ? "HTTP/1.1" : "HTTP/1.0",
                agent);
    }
}
