package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.scrimplb.proxy.http.HeadBuffer;
import io.scrimplb.proxy.http.HeaderLines;
import io.scrimplb.proxy.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/** Writes a response head for a client. One an event loop; not thread-safe. */
final class ResponseWriter {
    /** A refusal that has to say which protocol is wanted (RFC 9110, 15.5.22). */
    private static final int UPGRADE_REQUIRED = 426;

    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(US_ASCII);
    private static final byte[] CLOSE = "Connection: close\r\n".getBytes(US_ASCII);
    private static final byte[] KEEP_ALIVE = "Connection: keep-alive\r\n".getBytes(US_ASCII);
    private static final byte[] CHUNKED = "Transfer-Encoding: chunked\r\n".getBytes(US_ASCII);
    private static final byte[] CONTENT_LENGTH = "Content-Length: ".getBytes(US_ASCII);
    private static final byte[] UPGRADE = "Connection: Upgrade\r\nUpgrade: ".getBytes(US_ASCII);

    private static final byte[] HSTS = "Strict-Transport-Security: ".getBytes(US_ASCII);

    private static final byte[] SPACE = {' '};
    private static final int STATUS_DIGITS = 3;

    private final HeadBuffer out = new HeadBuffer();

    /** How the connection is announced to go on. */
    enum Persistence {
        /** Nothing is said: HTTP/1.1 keeps the connection. */
        KEEP,
        /** Said aloud, as an HTTP/1.0 client needs it. */
        KEEP_TOLD,
        CLOSE
    }

    /**
     * A final response head; valid until the next call.
     *
     * @param hsts takes the place of what the application says of it; null to leave that as it is
     */
    HeadBuffer write(ResponseHead head, Persistence persistence, boolean chunked, byte @Nullable [] hsts) {
        start(head, hsts != null);
        if (hsts != null) {
            out.put(HSTS);
            out.put(hsts);
            out.crlf();
        }
        HeaderLines lines = head.lines;
        if (head.status == UPGRADE_REQUIRED) {
            upgrade(head);
        }
        if (lines.contentLength != HeaderLines.NO_LENGTH && head.status != 204) {
            out.put(CONTENT_LENGTH);
            out.putNumber(lines.contentLength);
            out.crlf();
        }
        if (chunked) {
            out.put(CHUNKED);
        }
        switch (persistence) {
            case CLOSE -> out.put(CLOSE);
            case KEEP_TOLD -> out.put(KEEP_ALIVE);
            case KEEP -> {}
        }
        out.crlf();
        return out;
    }

    /** An interim response (1xx), or the 101 that ends HTTP on the connection; valid until the next call. */
    HeadBuffer writeInterim(ResponseHead head) {
        start(head, false);
        if (head.status == 101) {
            upgrade(head);
        }
        out.crlf();
        return out;
    }

    private void upgrade(ResponseHead head) {
        if (head.upgradeLine >= 0) {
            out.put(UPGRADE);
            out.put(head.bytes, head.lines.valueStart[head.upgradeLine], head.lines.valueEnd[head.upgradeLine]);
            out.crlf();
        }
    }

    private void start(ResponseHead head, boolean ownHsts) {
        out.clear();
        out.put(VERSION);
        out.put(head.bytes, head.statusStart, head.statusEnd);
        if (head.statusEnd - head.statusStart == STATUS_DIGITS) {
            // The space stands also before a reason that is not there (RFC 9112, 4).
            out.put(SPACE);
        }
        out.crlf();
        HeaderLines lines = head.lines;
        int runStart = -1;
        int runEnd = -1;
        for (int i = 0; i < lines.count; i++) {
            if (head.passes(i, ownHsts)) {
                if (runStart < 0) {
                    runStart = lines.nameStart[i];
                }
                runEnd = lines.lineEnd(i);
            } else if (runStart >= 0) {
                out.put(head.bytes, runStart, runEnd);
                runStart = -1;
            }
        }
        if (runStart >= 0) {
            out.put(head.bytes, runStart, runEnd);
        }
    }
}
