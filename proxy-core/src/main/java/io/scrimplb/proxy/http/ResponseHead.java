package io.scrimplb.proxy.http;

import io.scrimplb.proxy.spec.LimitSpec;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A response head, parsed in place (RFC 9112, 4 and 5), as strictly as a request's. Used again for each response of an event
 * loop: it is valid until the next {@link #parse}.
 */
public final class ResponseHead {
    public final HeaderLines lines = new HeaderLines();
    public byte[] bytes = new byte[0];
    public int status;
    public int minorVersion;

    /** The status code, the space behind it and the reason, up to the CRLF. */
    public int statusStart;

    public int statusEnd;
    public int upgradeLine;

    /** Whether it came by HTTP/2 and was put into this form: its body then ends with its stream. Set behind {@link #parse}. */
    public boolean http2;

    /** Whether the stream that it came on ended with it. Set behind {@link #parse}. */
    public boolean endsStream;

    /** @return null when it is fine, else what is wrong with it */
    @Nullable
    public String parse(byte[] head, int length, LimitSpec limits) {
        bytes = head;
        http2 = false;
        endsStream = false;
        if (length < 14 || !isHttp1(head) || (head[7] != '0' && head[7] != '1') || head[8] != ' ') {
            return "not an HTTP/1.x status line";
        }
        minorVersion = head[7] - '0';
        if (!Ascii.isDigit(head[9]) || !Ascii.isDigit(head[10]) || !Ascii.isDigit(head[11])) {
            return "the status is not three digits";
        }
        status = (head[9] - '0') * 100 + (head[10] - '0') * 10 + (head[11] - '0');
        if (status < 100 || status > 599) {
            return "the status is out of range";
        }
        statusStart = 9;
        int at = 12;
        if (head[at] == ' ') {
            while (Ascii.isValue(head[at])) {
                at++;
            }
        }
        if (head[at] != '\r' || head[at + 1] != '\n') {
            return "the reason holds a control character or a bare CR or LF";
        }
        statusEnd = at;
        String fault = lines.parse(head, at + 2, length, limits.headerCount());
        if (fault != null) {
            return fault;
        }
        if (lines.transferEncodings > 0 && (lines.contentLength != HeaderLines.NO_LENGTH || minorVersion == 0)) {
            return "Transfer-Encoding together with Content-Length, or before HTTP/1.1";
        }
        upgradeLine = -1;
        for (int i = 0; i < lines.count; i++) {
            if (lines.kind[i] == Field.UPGRADE) {
                upgradeLine = i;
            }
        }
        return null;
    }

    /** The name of the protocol is told apart by case (RFC 9112, 2.3). */
    private static boolean isHttp1(byte[] b) {
        return b[0] == 'H' && b[1] == 'T' && b[2] == 'T' && b[3] == 'P' && b[4] == '/' && b[5] == '1' && b[6] == '.';
    }

    /** Value of a header line. */
    public String value(int line) {
        int from = lines.valueStart[line];
        return new String(bytes, from, lines.valueEnd[line] - from, StandardCharsets.ISO_8859_1);
    }

    /**
     * Whether a header line goes on to the client: not what concerns this hop only (RFC 9110, 7.6.1) or is written anew.
     *
     * @param ownHsts whether a Strict-Transport-Security of this proxy takes the place of the application's
     */
    public boolean passes(int line, boolean ownHsts) {
        return switch (lines.kind[line]) {
            case Field.HOP_BY_HOP, Field.CONNECTION, Field.CONTENT_LENGTH, Field.TRANSFER_ENCODING, Field.UPGRADE ->
                false;
            case Field.TRAILER -> lines.chunked || http2;
            case Field.STRICT_TRANSPORT_SECURITY -> !ownHsts;
            default -> true;
        };
    }

    /** Whether such a response has no body whatever its header says (RFC 9112, 6.3). */
    public boolean bodiless(boolean answersHead) {
        return answersHead || status == 204 || status == 304 || status < 200;
    }

    /** Whether the endpoint will take another request on the connection, and nothing else can come before its response. */
    public boolean keepAlive() {
        if (status == 204 && (lines.chunked || lines.contentLength > 0)) {
            // Announces what it must not have (RFC 9110, 8.6; RFC 9112, 6.1): it may yet come.
            return false;
        }
        return minorVersion == 1 ? !lines.close : lines.keepAlive && !lines.close;
    }
}
