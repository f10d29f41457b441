package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.spec.LimitSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds and parses the next request head in what was read from one connection, within the limits. */
final class HeadReader {
    /** Empty lines before a request line that are overlooked (RFC 9112, 2.2). */
    private static final int MAX_EMPTY_LINES = 4;

    private static final LocalReply NO_REQUEST_LINE = LocalReply.badRequest("bytes that are not a request line");

    private static final byte[] HTTP2_HEAD = "PRI * HTTP/2.0\r\n\r\n".getBytes(US_ASCII);

    private @Nullable LocalReply refusal;
    private int scanned;
    private int emptyLines;
    private long beginNanos;

    /**
     * Goes on with the head in hand or begins the next one.
     *
     * @return whether {@code head} is parsed and the input stands behind it; if not, see {@link #refusal()}
     */
    boolean read(ByteBuf in, H1Loop h1, RequestHead head, LimitSpec limits) {
        refusal = null;
        head.begin();
        if (scanned == 0 && in.isReadable()) {
            beginNanos = h1.loop.now();
        }
        if (!skipEmptyLines(in)) {
            return false;
        }
        int length = Math.min(in.readableBytes(), limits.headerBytes());
        int end = h1.findHead(in, scanned, length);
        byte[] bytes = h1.exchanges.headBytes(length);
        if (end < 0) {
            scanned = length;
            boolean full = length == limits.headerBytes();
            if (full || length > RequestHead.MAX_TARGET_BYTES + RequestHead.MAX_LINE_REST_BYTES) {
                refusal =
                        noLineEnd(bytes, length) ? LocalReply.TARGET_TOO_LONG : full ? LocalReply.HEAD_TOO_LARGE : null;
            }
            return false;
        }
        scanned = 0;
        emptyLines = 0;
        refusal = head.parse(bytes, end, limits);
        in.skipBytes(end);
        return refusal == null;
    }

    /** Why the head was refused; null while only more bytes are needed. */
    @Nullable
    LocalReply refusal() {
        return refusal;
    }

    /** Whether a head that was refused is the one that begins a connection of HTTP/2 (RFC 9113, 3.4). */
    static boolean isHttp2(RequestHead head) {
        byte[] bytes = head.bytes;
        return head.methodIs("PRI")
                && bytes.length >= HTTP2_HEAD.length
                && Arrays.equals(bytes, 0, HTTP2_HEAD.length, HTTP2_HEAD, 0, HTTP2_HEAD.length);
    }

    /** When the first byte of the head in hand, or of the last one, was seen. */
    long beginNanos() {
        return beginNanos;
    }

    /** Whether no byte of a head has been looked at yet. */
    boolean atStart() {
        return scanned == 0;
    }

    /** @return whether there is something behind them */
    private boolean skipEmptyLines(ByteBuf in) {
        while (scanned == 0 && in.isReadable()) {
            int at = in.readerIndex();
            if (in.getByte(at) != '\r') {
                return true;
            }
            if (in.readableBytes() == 1) {
                return false;
            }
            if (in.getByte(at + 1) != '\n' || ++emptyLines > MAX_EMPTY_LINES) {
                refusal = NO_REQUEST_LINE;
                return false;
            }
            in.skipBytes(2);
        }
        return in.isReadable();
    }

    private static boolean noLineEnd(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                return false;
            }
        }
        return true;
    }
}
