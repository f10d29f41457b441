package io.scrimplb.proxy.http;

import io.scrimplb.proxy.telemetry.ErrorCause;
import java.nio.charset.StandardCharsets;

/**
 * The one place where an error becomes a response of our own.
 *
 * @param status status code, 400 to 599
 * @param cause goes into {@code X-Scrimp-Error}, the counters and the access log
 * @param message what the client reads; one sentence, no bytes of the request in it
 * @param retryAfterSeconds value of {@code Retry-After}, 0 for none
 */
public record LocalReply(int status, ErrorCause cause, String message, int retryAfterSeconds) {
    public static final LocalReply UNKNOWN_HOST =
            new LocalReply(404, ErrorCause.UNKNOWN_HOST, "no application answers for this host and path", 0);
    public static final LocalReply MISDIRECTED =
            new LocalReply(421, ErrorCause.MISDIRECTED, "this connection does not serve what the request names", 0);
    public static final LocalReply NO_APPLICATIONS =
            new LocalReply(503, ErrorCause.NO_APPLICATIONS, "no backends configured - please try again soon", 5);
    public static final LocalReply NO_ENDPOINT =
            new LocalReply(503, ErrorCause.NO_ENDPOINT, "the application has no backend at the moment", 5);
    public static final LocalReply LISTENER_GONE =
            new LocalReply(503, ErrorCause.LISTENER_GONE, "this port is being closed - please connect again", 1);
    public static final LocalReply CONNECT_FAILED =
            new LocalReply(502, ErrorCause.CONNECT_FAILED, "the backend could not be reached", 0);
    public static final LocalReply UPSTREAM_TLS =
            new LocalReply(502, ErrorCause.UPSTREAM_TLS, "the backend could not be reached securely", 0);
    public static final LocalReply CONNECT_TIMEOUT =
            new LocalReply(504, ErrorCause.CONNECT_TIMEOUT, "the backend could not be reached in time", 0);
    public static final LocalReply UPSTREAM_RESET =
            new LocalReply(502, ErrorCause.UPSTREAM_RESET, "the backend closed the connection without an answer", 0);
    public static final LocalReply UPSTREAM_TIMEOUT =
            new LocalReply(504, ErrorCause.UPSTREAM_TIMEOUT, "the backend did not answer in time", 0);
    public static final LocalReply BAD_RESPONSE =
            new LocalReply(502, ErrorCause.BAD_RESPONSE, "the backend's answer was not valid HTTP", 0);
    public static final LocalReply HEADER_TIMEOUT =
            new LocalReply(408, ErrorCause.HEADER_TIMEOUT, "the request's header took too long", 0);
    public static final LocalReply CLIENT_TIMEOUT =
            new LocalReply(408, ErrorCause.CLIENT_TIMEOUT, "the request's body took too long", 0);
    public static final LocalReply HEAD_TOO_LARGE =
            new LocalReply(431, ErrorCause.HEAD_TOO_LARGE, "the request's header is too large", 0);
    public static final LocalReply TARGET_TOO_LONG =
            new LocalReply(414, ErrorCause.TARGET_TOO_LONG, "the request's target is too long", 0);
    public static final LocalReply VERSION_NOT_SUPPORTED =
            new LocalReply(505, ErrorCause.VERSION_NOT_SUPPORTED, "this version of HTTP is not spoken here", 0);
    public static final LocalReply EXPECTATION_FAILED =
            new LocalReply(417, ErrorCause.BAD_REQUEST, "the expectation is not known", 0);

    /** A malformed or ambiguous request; the detail is ours and constant. */
    public static LocalReply badRequest(String detail) {
        return new LocalReply(400, ErrorCause.BAD_REQUEST, detail, 0);
    }

    /**
     * The whole response as it goes on an HTTP/1.x wire.
     *
     * @param json whether the client prefers JSON to HTML
     * @param requestId letters, digits and the like only; see {@link RequestIds#acceptable}
     * @param keepAlive whether the connection stays open
     * @param withBody false for the answer to HEAD, whose header still tells the body's length
     */
    public byte[] render(boolean json, String requestId, boolean keepAlive, boolean withBody) {
        String body = json ? jsonBody(requestId) : htmlBody(requestId);
        StringBuilder text = new StringBuilder(512)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\nContent-Type: ")
                .append(json ? "application/json" : "text/html; charset=utf-8")
                .append("\r\nContent-Length: ")
                .append(body.length())
                .append("\r\nCache-Control: no-store")
                .append("\r\nX-Request-Id: ")
                .append(requestId)
                .append("\r\nX-Scrimp-Error: ")
                .append(cause.label());
        if (retryAfterSeconds > 0) {
            text.append("\r\nRetry-After: ").append(retryAfterSeconds);
        }
        text.append(keepAlive ? "\r\nConnection: keep-alive" : "\r\nConnection: close")
                .append("\r\n\r\n");
        if (withBody) {
            text.append(body);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private String jsonBody(String requestId) {
        return "{\"status\":" + status + ",\"error\":\"" + cause.label() + "\",\"message\":\"" + message
                + "\",\"request_id\":\"" + requestId + "\"}\n";
    }

    private String htmlBody(String requestId) {
        String title = status + " " + reason(status);
        return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title
                + "</title></head><body><h1>" + title + "</h1><p>" + message + "</p><p><small>" + requestId
                + "</small></p></body></html>\n";
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "Error";
        };
    }
}
