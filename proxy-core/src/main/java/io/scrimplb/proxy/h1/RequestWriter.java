package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.scrimplb.proxy.http.Field;

/**
 * Writes a request head for an endpoint: what the client sent, without what concerns this hop only, with what the application
 * must know of the client. One an event loop; not thread-safe.
 */
final class RequestWriter {
    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(US_ASCII);
    private static final byte[] HOST = "Host: ".getBytes(US_ASCII);
    private static final byte[] CONTENT_LENGTH = "Content-Length: ".getBytes(US_ASCII);
    private static final byte[] CHUNKED = "Transfer-Encoding: chunked\r\n".getBytes(US_ASCII);
    private static final byte[] EXPECT = "Expect: 100-continue\r\n".getBytes(US_ASCII);
    private static final byte[] TE_TRAILERS = "TE: trailers\r\nConnection: TE\r\n".getBytes(US_ASCII);
    private static final byte[] UPGRADE = "Connection: Upgrade\r\nUpgrade: ".getBytes(US_ASCII);
    private static final byte[] X_FORWARDED_FOR = "X-Forwarded-For: ".getBytes(US_ASCII);
    private static final byte[] X_FORWARDED_PROTO = "X-Forwarded-Proto: ".getBytes(US_ASCII);
    private static final byte[] X_FORWARDED_HOST = "X-Forwarded-Host: ".getBytes(US_ASCII);
    private static final byte[] X_FORWARDED_PORT = "X-Forwarded-Port: ".getBytes(US_ASCII);
    private static final byte[] X_REQUEST_ID = "X-Request-Id: ".getBytes(US_ASCII);
    private static final byte[] LIST_SEPARATOR = {',', ' '};
    private static final byte[] SLASH = {'/'};
    private static final byte[] ASTERISK = {'*'};

    private final HeadBuffer out = new HeadBuffer();
    private final boolean[] givenFields = new boolean[3];

    /**
     * @param peer what this proxy knows of the client's connection
     * @param trusted whether the forwarding fields that came are believed
     * @param facts of the same request, for its id
     */
    ByteBuf write(RequestHead head, ClientPeer peer, boolean trusted, RequestFacts facts, ByteBufAllocator allocator) {
        byte[] in = head.bytes;
        HeaderLines lines = head.lines;
        out.clear();
        out.put(in, 0, head.methodEnd + 1);
        target(head);
        out.put(VERSION);
        if (head.absoluteTarget || head.authorityEnd == head.authorityStart) {
            out.put(HOST);
            if (head.authorityEnd > head.authorityStart) {
                out.put(in, head.authorityStart, head.authorityEnd);
            } else {
                // HTTP/1.0 without a host: the address the client connected to is what it meant.
                out.put(peer.localAuthority());
            }
            out.crlf();
        }
        boolean[] given = copyLines(head, trusted);
        framing(head);
        if (head.wantsTrailers && !head.upgrade) {
            out.put(TE_TRAILERS);
        }
        if (head.upgrade) {
            out.put(UPGRADE);
            out.put(in, lines.valueStart[head.upgradeLine], lines.valueEnd[head.upgradeLine]);
            out.crlf();
        }
        forwardedFor(head, peer, trusted);
        if (!given[0]) {
            line(X_FORWARDED_PROTO, peer.scheme());
        }
        if (!given[1]) {
            out.put(X_FORWARDED_HOST);
            if (head.authorityEnd > head.authorityStart) {
                out.put(in, head.authorityStart, head.authorityEnd);
            } else {
                out.put(peer.localAuthority());
            }
            out.crlf();
        }
        if (!given[2]) {
            line(X_FORWARDED_PORT, peer.localPort());
        }
        out.put(X_REQUEST_ID);
        facts.putRequestId(out);
        out.crlf();
        out.crlf();
        return out.toBuffer(allocator);
    }

    private void target(RequestHead head) {
        if (!head.absoluteTarget) {
            out.put(head.bytes, head.targetStart, head.targetEnd);
            return;
        }
        if (head.targetEnd == head.pathStart && head.methodIs("OPTIONS")) {
            // Asks about the server as a whole (RFC 9112, 3.2.4).
            out.put(ASTERISK);
            return;
        }
        if (head.pathEnd == head.pathStart) {
            out.put(SLASH);
        }
        out.put(head.bytes, head.pathStart, head.targetEnd);
    }

    /** Copies the lines that pass, whole runs of them at a time; tells which forwarding fields a trusted peer gave. */
    private boolean[] copyLines(RequestHead head, boolean trusted) {
        HeaderLines lines = head.lines;
        boolean[] given = givenFields;
        given[0] = false;
        given[1] = false;
        given[2] = false;
        int runStart = -1;
        int runEnd = -1;
        for (int i = 0; i < lines.count; i++) {
            int kind = lines.kind[i];
            boolean passes = switch (kind) {
                case Field.OTHER, Field.ACCEPT, Field.USER_AGENT -> true;
                case Field.HOST -> !head.absoluteTarget;
                case Field.TRAILER -> lines.chunked;
                case Field.X_FORWARDED_PROTO, Field.X_FORWARDED_HOST, Field.X_FORWARDED_PORT, Field.OTHER_FORWARDING ->
                    trusted;
                default -> false;
            };
            if (passes) {
                if (runStart < 0) {
                    runStart = lines.nameStart[i];
                }
                runEnd = lines.lineEnd(i);
                if (kind >= Field.X_FORWARDED_PROTO && kind <= Field.X_FORWARDED_PORT) {
                    given[kind - Field.X_FORWARDED_PROTO] = true;
                }
            } else if (runStart >= 0) {
                out.put(head.bytes, runStart, runEnd);
                runStart = -1;
            }
        }
        if (runStart >= 0) {
            out.put(head.bytes, runStart, runEnd);
        }
        return given;
    }

    private void framing(RequestHead head) {
        if (head.lines.chunked) {
            out.put(CHUNKED);
        } else if (head.lines.contentLength != HeaderLines.NO_LENGTH) {
            out.put(CONTENT_LENGTH);
            out.putNumber(head.lines.contentLength);
            out.crlf();
        }
        if (head.expectsContinue && head.hasBody()) {
            out.put(EXPECT);
        }
    }

    private void forwardedFor(RequestHead head, ClientPeer peer, boolean trusted) {
        out.put(X_FORWARDED_FOR);
        if (trusted) {
            HeaderLines lines = head.lines;
            for (int i = 0; i < lines.count; i++) {
                if (lines.kind[i] == Field.X_FORWARDED_FOR && lines.valueEnd[i] > lines.valueStart[i]) {
                    out.put(head.bytes, lines.valueStart[i], lines.valueEnd[i]);
                    out.put(LIST_SEPARATOR);
                }
            }
        }
        out.put(peer.address());
        out.crlf();
    }

    private void line(byte[] name, byte[] value) {
        out.put(name);
        out.put(value);
        out.crlf();
    }
}
