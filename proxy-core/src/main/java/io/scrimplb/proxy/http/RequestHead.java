package io.scrimplb.proxy.http;

import io.scrimplb.proxy.spec.LimitSpec;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request head, parsed in place (RFC 9112, 3 and 5). Whatever two programs could read in two ways is refused. Used again
 * for each request of an event loop: it is valid until the next {@link #parse}.
 */
public final class RequestHead {
    /** Bytes of a request target; over it 414. */
    public static final int MAX_TARGET_BYTES = 8 * 1024;

    private static final int MAX_METHOD_BYTES = 24;

    /** What else a request line can hold: the method, two spaces, the version. */
    public static final int MAX_LINE_REST_BYTES = MAX_METHOD_BYTES + 12;

    private static final LocalReply BAD_REQUEST_LINE = LocalReply.badRequest("the request line is not valid");
    private static final LocalReply BAD_TARGET = LocalReply.badRequest("the request target is not valid");
    private static final LocalReply BAD_HOST = LocalReply.badRequest("the Host header is not valid");
    private static final LocalReply NO_HOST = LocalReply.badRequest("exactly one Host header is needed");
    private static final LocalReply HOST_DISAGREES = LocalReply.badRequest("the target and the Host header disagree");
    private static final LocalReply BAD_FRAMING =
            LocalReply.badRequest("Transfer-Encoding together with Content-Length, or before HTTP/1.1");
    private static final LocalReply BAD_UPGRADE = LocalReply.badRequest("an upgrade with a body");

    public final HeaderLines lines = new HeaderLines();
    public byte[] bytes = new byte[0];

    public int methodEnd;
    public int targetStart;
    public int targetEnd;
    public int minorVersion;

    /** Path without the query; the target's own bytes, or a lone slash when the target had none. */
    public int pathStart;

    public int pathEnd;

    /** Host name without the port, empty when the request names none. */
    public int hostStart;

    public int hostEnd;

    /** Host and port as the client wrote them. */
    public int authorityStart;

    public int authorityEnd;

    /** Whether the target named the scheme https. */
    public boolean httpsTarget;

    /** Whether the target named the host itself, and so the Host line must be written anew. */
    public boolean absoluteTarget;

    public boolean expectsContinue;
    public boolean wantsTrailers;
    public boolean announcesTrailers;
    public boolean upgrade;
    public int acceptLine;
    /** Whether request line and header lines were taken apart, so that a refusal can be put the way the client wants. */
    public boolean complete;

    public int upgradeLine;
    public int requestIdLine;

    /** Whether it came by HTTP/2 and was put into this form: its body then ends with its stream. Set behind {@link #parse}. */
    public boolean http2;

    /** Whether its HTTP/2 stream ended with the head. Set behind {@link #parse}. */
    public boolean endsStream;

    /**
     * Parses a head.
     *
     * @param length its length, the empty line included
     * @return null when it is fine, else how to refuse it
     */
    @Nullable
    public LocalReply parse(byte[] head, int length, LimitSpec limits) {
        begin();
        bytes = head;
        int at = requestLine(length);
        if (at < 0) {
            return at == TOO_LONG
                    ? LocalReply.TARGET_TOO_LONG
                    : at == WRONG_VERSION ? LocalReply.VERSION_NOT_SUPPORTED : BAD_REQUEST_LINE;
        }
        String fault = lines.parse(head, at, length, limits.headerCount());
        if (fault != null) {
            return HeaderLines.TOO_MANY.equals(fault) ? LocalReply.HEAD_TOO_LARGE : LocalReply.badRequest(fault);
        }
        complete = true;
        LocalReply refusal = fields();
        if (refusal == null) {
            refusal = target();
        }
        if (refusal == null && lines.transferEncodings > 0) {
            refusal = lines.contentLength != HeaderLines.NO_LENGTH || minorVersion == 0 ? BAD_FRAMING : null;
        }
        if (refusal == null && upgrade && hasBody()) {
            refusal = BAD_UPGRADE;
        }
        return refusal;
    }

    /** Forgets the head before. */
    public void begin() {
        complete = false;
        methodEnd = 0;
        http2 = false;
        endsStream = false;
    }

    private static final int TOO_LONG = -1;
    private static final int WRONG_VERSION = -2;
    private static final int MALFORMED = -3;

    private int requestLine(int length) {
        int at = 0;
        while (Ascii.isToken(bytes[at])) {
            at++;
        }
        if (at == 0 || at > MAX_METHOD_BYTES || bytes[at] != ' ') {
            return MALFORMED;
        }
        methodEnd = at++;
        targetStart = at;
        while (Ascii.isTarget(bytes[at])) {
            at++;
        }
        targetEnd = at;
        if (at == targetStart || bytes[at] != ' ') {
            return MALFORMED;
        }
        if (targetEnd - targetStart > MAX_TARGET_BYTES) {
            return TOO_LONG;
        }
        at++;
        if (at + 10 > length || !startsWith(at, "HTTP/") || bytes[at + 8] != '\r' || bytes[at + 9] != '\n') {
            return MALFORMED;
        }
        byte major = bytes[at + 5];
        byte minor = bytes[at + 7];
        if (bytes[at + 6] != '.' || !Ascii.isDigit(major) || !Ascii.isDigit(minor)) {
            return MALFORMED;
        }
        if (major != '1' || minor > '1') {
            return WRONG_VERSION;
        }
        minorVersion = minor - '0';
        return at + 10;
    }

    private @Nullable LocalReply fields() {
        expectsContinue = false;
        wantsTrailers = false;
        announcesTrailers = false;
        upgrade = false;
        acceptLine = -1;
        upgradeLine = -1;
        requestIdLine = -1;
        int hosts = 0;
        hostStart = 0;
        hostEnd = 0;
        authorityStart = 0;
        authorityEnd = 0;
        for (int i = 0; i < lines.count; i++) {
            int from = lines.valueStart[i];
            int to = lines.valueEnd[i];
            switch (lines.kind[i]) {
                case Field.HOST -> {
                    hosts++;
                    if (!host(from, to)) {
                        return BAD_HOST;
                    }
                }
                case Field.EXPECT -> {
                    if (!Ascii.equals(bytes, from, to, "100-continue")) {
                        return LocalReply.EXPECTATION_FAILED;
                    }
                    // An expectation of an HTTP/1.0 client is ignored (RFC 9110, 10.1.1).
                    expectsContinue = minorVersion == 1;
                }
                case Field.TE -> wantsTrailers |= Ascii.listHas(bytes, from, to, "trailers");
                case Field.TRAILER -> announcesTrailers = true;
                case Field.UPGRADE -> upgradeLine = upgradeLine == -1 ? i : -2;
                case Field.ACCEPT -> acceptLine = i;
                case Field.X_REQUEST_ID -> requestIdLine = requestIdLine == -1 ? i : -2;
                default -> {}
            }
        }
        if (hosts > 1 || (hosts == 0 && minorVersion == 1)) {
            return NO_HOST;
        }
        upgrade = upgradeLine >= 0 && lines.connectionUpgrade && minorVersion == 1 && mayUpgrade();
        return null;
    }

    /**
     * One protocol, with GET, and none that is HTTP again or encrypts: in such a tunnel a client would speak past this proxy's
     * checks, to paths and hosts it has no business with.
     */
    private boolean mayUpgrade() {
        int from = lines.valueStart[upgradeLine];
        int to = lines.valueEnd[upgradeLine];
        if (to == from || !methodIs("GET")) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (!Ascii.isToken(bytes[i]) && bytes[i] != '/') {
                return false;
            }
        }
        return !Ascii.startsWith(bytes, from, to, "h2")
                && !Ascii.startsWith(bytes, from, to, "h3")
                && !Ascii.startsWith(bytes, from, to, "http")
                && !Ascii.startsWith(bytes, from, to, "tls");
    }

    private @Nullable LocalReply target() {
        absoluteTarget = false;
        int from = targetStart;
        if (bytes[from] == '*') {
            if (targetEnd - from != 1 || !methodIs("OPTIONS")) {
                return BAD_TARGET;
            }
            pathStart = from;
            pathEnd = targetEnd;
            return null;
        }
        if (methodIs("CONNECT")) {
            return BAD_TARGET;
        }
        if (bytes[from] != '/') {
            return absolute();
        }
        path(from);
        return null;
    }

    private @Nullable LocalReply absolute() {
        int skip = targetEnd - targetStart > 7 && Ascii.equals(bytes, targetStart, targetStart + 7, "http://")
                ? 7
                : targetEnd - targetStart > 8 && Ascii.equals(bytes, targetStart, targetStart + 8, "https://") ? 8 : 0;
        if (skip == 0) {
            return BAD_TARGET;
        }
        int from = targetStart + skip;
        int at = from;
        while (at < targetEnd && bytes[at] != '/' && bytes[at] != '?') {
            at++;
        }
        int statedFrom = authorityStart;
        int statedTo = authorityEnd;
        if (!host(from, at)) {
            return BAD_TARGET;
        }
        // RFC 9112, 3.2.2 lets the target win. Nobody needs the two to differ but those who hope that the application
        // reads
        // Host where this proxy read the target, so not even a default port may stand in one of them alone.
        if (statedTo > statedFrom && !Ascii.sameIgnoringCase(bytes, from, at, statedFrom, statedTo)) {
            return HOST_DISAGREES;
        }
        absoluteTarget = true;
        httpsTarget = skip == 8;
        path(at);
        return null;
    }

    private void path(int from) {
        pathStart = from;
        int at = from;
        while (at < targetEnd && bytes[at] != '?') {
            at++;
        }
        pathEnd = at;
    }

    /** Takes a {@code host[:port]} apart; false when it is not one. */
    private boolean host(int from, int to) {
        int end = Authority.hostEnd(bytes, from, to);
        if (end < 0 || !Authority.isPort(bytes, end, to)) {
            return false;
        }
        authorityStart = from;
        authorityEnd = to;
        hostStart = from;
        // A trailing dot names the same host.
        hostEnd = bytes[end - 1] == '.' ? end - 1 : end;
        return true;
    }

    public boolean hasBody() {
        return http2 ? !endsStream : lines.chunked || lines.contentLength > 0;
    }

    /** Whether it has a body whose length is not told: what HTTP/1.1 sends in chunks. */
    public boolean unknownLength() {
        return lines.chunked || (http2 && !endsStream && lines.contentLength == HeaderLines.NO_LENGTH);
    }

    /** As the access log and others name the version. */
    public String protocol() {
        return http2 ? "HTTP/2.0" : minorVersion == 1 ? "HTTP/1.1" : "HTTP/1.0";
    }

    /** Whether the client will take another response on the connection. */
    public boolean keepAlive() {
        return minorVersion == 1 ? !lines.close : lines.keepAlive && !lines.close;
    }

    /** Whether a repetition does no harm (RFC 9110, 9.2.2). */
    public boolean idempotent() {
        return methodIs("GET")
                || methodIs("HEAD")
                || methodIs("PUT")
                || methodIs("DELETE")
                || methodIs("OPTIONS")
                || methodIs("TRACE");
    }

    public boolean methodIs(String method) {
        return methodEnd == method.length() && startsWith(0, method);
    }

    /** Whether a reply of our own should be JSON. */
    public boolean prefersJson() {
        if (acceptLine < 0) {
            return false;
        }
        int from = lines.valueStart[acceptLine];
        int to = lines.valueEnd[acceptLine];
        return Ascii.equals(bytes, from, to, "application/json")
                || (Ascii.contains(bytes, from, to, "json") && AcceptHeader.prefersJson(text(from, to)));
    }

    /** Value of a header line. */
    public String value(int line) {
        return text(lines.valueStart[line], lines.valueEnd[line]);
    }

    public String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private boolean startsWith(int at, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (bytes[at + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
