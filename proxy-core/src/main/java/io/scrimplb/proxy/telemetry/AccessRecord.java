package io.scrimplb.proxy.telemetry;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One finished exchange.
 *
 * @param startMillis when its first byte came, in milliseconds since the epoch
 * @param application the application's name, null when no route took the request
 * @param listener name of the listener
 * @param host the host as the client named it, without the port; null when it named none
 * @param method the request method; null when the head was never complete
 * @param path the target's path and query as the client sent them; null when the head was never complete
 * @param protocol such as {@code HTTP/1.1}; {@code tcp}, or {@code tls} for a connection that was passed through
 * @param status what the client saw, 0 when it saw none
 * @param bytesIn bytes of the request, head included
 * @param bytesOut bytes of the response, head included
 * @param clientAddress address of the client, from a trusted peer's {@code X-Forwarded-For} when it spoke for one
 * @param backend endpoint that was tried last, whether it answered or not; null when none was
 * @param connectNanos time to a connection to the endpoint, 0 for a pooled one, -1 when there was none
 * @param firstByteNanos from the start to the first byte of the response, -1 when there was none
 * @param totalNanos from the start to the end
 * @param retries further endpoints that were tried
 * @param error why it did not end as it should, null when it did
 * @param requestId the request's identity
 * @param userAgent the client's {@code User-Agent}, null when it sent none
 * @param tls version of TLS by which the client came, such as {@code TLSv1.3}; null in clear text
 */
public record AccessRecord(
        long startMillis,
        @Nullable String application,
        String listener,
        @Nullable String host,
        @Nullable String method,
        @Nullable String path,
        String protocol,
        int status,
        long bytesIn,
        long bytesOut,
        InetAddress clientAddress,
        @Nullable InetSocketAddress backend,
        long connectNanos,
        long firstByteNanos,
        long totalNanos,
        int retries,
        @Nullable ErrorCause error,
        @Nullable String requestId,
        @Nullable String userAgent,
        @Nullable String tls) {}
