package io.scrimplb.proxy.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.scrimplb.proxy.http.Field;
import io.scrimplb.proxy.http.HeadBuffer;
import io.scrimplb.proxy.http.HeaderLines;
import io.scrimplb.proxy.http.RequestHead;

/**
 * Writes a request head for an endpoint: what the client sent, without what concerns this hop only, with what the application
 * must know of the client.
 */
public final class RequestWriter {
    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(US_ASCII);
    private static final byte[] HOST = "Host: ".getBytes(US_ASCII);
    private static final byte[] CONTENT_LENGTH = "Content-Length: ".getBytes(US_ASCII);
    private static final byte[] CHUNKED = "Transfer-Encoding: chunked\r\n".getBytes(US_ASCII);
    private static final byte[] EXPECT = "Expect: 100-continue\r\n".getBytes(US_ASCII);
    private static final byte[] TE_TRAILERS = "TE: trailers\r\nConnection: TE\r\n".getBytes(US_ASCII);
    private static final byte[] CLOSE = "Connection: close\r\n".getBytes(US_ASCII);
    private static final byte[] UPGRADE = "Connection: Upgrade\r\nUpgrade: ".getBytes(US_ASCII);
    private static final byte[] X_FORWARDED_FOR = "X-Forwarded-For: ".getBytes(US_ASCII);
    private static final byte[] X_FORWARDED_PROTO = "X-Forwarded-Proto: http\r\n".getBytes(US_ASCII);
    private static final byte[] X_FORWARDED_PROTO_HTTPS = "X-Forwarded-Proto: https\r\n".getBytes(US_ASCII);
    private static final byte[] X_FORWARDED_PORT = "X-Forwarded-Port: ".getBytes(US_ASCII);
    private static final byte[] X_FORWARDED_HOST = "X-Forwarded-Host: ".getBytes(US_ASCII);
    private static final byte[] X_REQUEST_ID = "X-Request-Id: ".getBytes(US_ASCII);
    private static final byte[] LIST_SEPARATOR = {',', ' '};
    private static final byte[] SLASH = {'/'};
    private static final byte[] ASTERISK = {'*'};

    private RequestWriter() {}

    /**
     * @param peer what this proxy knows of the client's connection
     * @param trusted whether the forwarding fields that came are believed
     * @param facts of the same request, for its id
     * @param last whether no other request follows on the endpoint's connection
     * @param out is emptied first
     */
    public static void write(
            RequestHead head, ClientPeer peer, boolean trusted, RequestFacts facts, boolean last, HeadBuffer out) {
        out.clear();
        out.put(head.bytes, 0, head.methodEnd + 1);
        target(head, out);
        out.put(VERSION);
        if (head.absoluteTarget || head.authorityEnd == head.authorityStart) {
            authorityLine(HOST, head, peer, out);
        }
        copyLines(head, trusted, out);
        framing(head, out);
        if (head.upgrade) {
            out.put(UPGRADE);
            out.put(head.bytes, head.lines.valueStart[head.upgradeLine], head.lines.valueEnd[head.upgradeLine]);
            out.crlf();
        } else if (head.wantsTrailers) {
            out.put(TE_TRAILERS);
        }
        if (last && !head.upgrade) {
            out.put(CLOSE);
        }
        if (trusted) {
            believed(head, peer, out);
        } else {
            out.put(X_FORWARDED_FOR);
            out.put(peer.address());
            out.crlf();
            protoLine(peer, out);
            authorityLine(X_FORWARDED_HOST, head, peer, out);
            portLine(peer, out);
        }
        out.put(X_REQUEST_ID);
        facts.putRequestId(out);
        out.crlf();
        out.crlf();
    }

    private static void target(RequestHead head, HeadBuffer out) {
        if (!head.absoluteTarget) {
            out.put(head.bytes, head.targetStart, head.targetEnd);
            return;
        }
        if (head.targetEnd == head.pathStart && head.methodIs("OPTIONS")) {
            // An absolute target without a path or a query is then "*" (RFC 9112, 3.2.4).
            out.put(ASTERISK);
            return;
        }
        if (head.pathEnd == head.pathStart) {
            out.put(SLASH);
        }
        out.put(head.bytes, head.pathStart, head.targetEnd);
    }

    /** The host that the client asked for; without one (HTTP/1.0) the address it connected to is what it meant. */
    private static void authorityLine(byte[] name, RequestHead head, ClientPeer peer, HeadBuffer out) {
        out.put(name);
        if (head.authorityEnd > head.authorityStart) {
            out.put(head.bytes, head.authorityStart, head.authorityEnd);
        } else {
            out.put(peer.localAuthority());
        }
        out.crlf();
    }

    /** Copies the lines that pass, whole runs of them at a time. */
    private static void copyLines(RequestHead head, boolean trusted, HeadBuffer out) {
        HeaderLines lines = head.lines;
        int runStart = -1;
        int runEnd = -1;
        for (int i = 0; i < lines.count; i++) {
            boolean passes = switch (lines.kind[i]) {
                case Field.OTHER, Field.ACCEPT, Field.USER_AGENT -> true;
                case Field.HOST -> !head.absoluteTarget;
                case Field.TRAILER -> head.unknownLength();
                case Field.X_FORWARDED_PROTO, Field.X_FORWARDED_HOST, Field.X_FORWARDED_PORT, Field.OTHER_FORWARDING ->
                    trusted;
                default -> false;
            };
            if (passes) {
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

    private static void framing(RequestHead head, HeadBuffer out) {
        if (head.unknownLength()) {
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

    /** Adds the peer to what it said, and says what it left out. */
    private static void believed(RequestHead head, ClientPeer peer, HeadBuffer out) {
        HeaderLines lines = head.lines;
        boolean protoGiven = false;
        boolean hostGiven = false;
        boolean portGiven = false;
        out.put(X_FORWARDED_FOR);
        for (int i = 0; i < lines.count; i++) {
            switch (lines.kind[i]) {
                case Field.X_FORWARDED_FOR -> {
                    if (lines.valueEnd[i] > lines.valueStart[i]) {
                        out.put(head.bytes, lines.valueStart[i], lines.valueEnd[i]);
                        out.put(LIST_SEPARATOR);
                    }
                }
                case Field.X_FORWARDED_PROTO -> protoGiven = true;
                case Field.X_FORWARDED_HOST -> hostGiven = true;
                case Field.X_FORWARDED_PORT -> portGiven = true;
                default -> {}
            }
        }
        out.put(peer.address());
        out.crlf();
        if (!protoGiven) {
            protoLine(peer, out);
        }
        if (!hostGiven) {
            authorityLine(X_FORWARDED_HOST, head, peer, out);
        }
        if (!portGiven) {
            portLine(peer, out);
        }
    }

    private static void protoLine(ClientPeer peer, HeadBuffer out) {
        out.put(peer.secure() ? X_FORWARDED_PROTO_HTTPS : X_FORWARDED_PROTO);
    }

    private static void portLine(ClientPeer peer, HeadBuffer out) {
        out.put(X_FORWARDED_PORT);
        out.putNumber(peer.local().getPort());
        out.crlf();
    }
}
