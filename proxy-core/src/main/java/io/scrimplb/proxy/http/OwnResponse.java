package io.scrimplb.proxy.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A response of this proxy that is no error: what an authority looks for, or where to go instead.
 *
 * @param body ASCII
 * @param location value of {@code Location}, of printable ASCII; null for none
 */
public record OwnResponse(
        int status,
        String contentType,
        String body,
        @Nullable String location) {
    /** Sends a client elsewhere for good: by 301 where it may ask with GET, by 308 where the method must stay (RFC 9110, 15.4). */
    public static OwnResponse redirect(String location, boolean safe) {
        return new OwnResponse(safe ? 301 : 308, "text/plain", "this is served by https\n", location);
    }

    /** What an authority looks for (RFC 8555, 8.3). */
    public static OwnResponse challenge(String content) {
        return new OwnResponse(200, "application/octet-stream", content, null);
    }

    /**
     * The whole response as it goes on an HTTP/1.x wire.
     *
     * @param requestId letters, digits and the like only; see {@link RequestIds#acceptable}
     * @param keepAlive whether the connection stays open
     * @param withBody false for the answer to HEAD, whose header still tells the body's length
     */
    public byte[] render(String requestId, boolean keepAlive, boolean withBody) {
        StringBuilder text = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason())
                .append("\r\nContent-Type: ")
                .append(contentType)
                .append("\r\nContent-Length: ")
                .append(body.length())
                .append("\r\nX-Request-Id: ")
                .append(requestId);
        if (location != null) {
            text.append("\r\nLocation: ").append(location);
        }
        text.append(keepAlive ? "\r\nConnection: keep-alive" : "\r\nConnection: close")
                .append("\r\n\r\n");
        if (withBody) {
            text.append(body);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private String reason() {
        return switch (status) {
            case 200 -> "OK";
            case 301 -> "Moved Permanently";
            default -> "Permanent Redirect";
        };
    }
}
