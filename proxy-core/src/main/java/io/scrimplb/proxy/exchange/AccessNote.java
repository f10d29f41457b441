package io.scrimplb.proxy.exchange;

import io.scrimplb.proxy.http.Field;
import io.scrimplb.proxy.http.ForwardedClient;
import io.scrimplb.proxy.http.HeaderLines;
import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.transport.TrustedNetworks;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the access log needs of a request once its head is gone. Made only while somebody reads the log.
 *
 * @param host host as the client named it, without the port
 * @param client who asked: the peer, or the one a trusted peer spoke for
 * @param path path and query as the client sent them
 */
record AccessNote(
        long startMillis,
        InetAddress client,
        @Nullable String host,
        String method,
        String path,
        String protocol,
        String requestId,
        @Nullable String userAgent) {

    /** @param trusted networks whose word is believed; none when the peer is not of them */
    static AccessNote of(RequestHead head, RequestFacts facts, InetAddress peer, TrustedNetworks trusted) {
        String agent = null;
        StringBuilder forwardedFor = new StringBuilder();
        HeaderLines lines = head.lines;
        for (int i = 0; i < lines.count; i++) {
            if (lines.kind[i] == Field.USER_AGENT) {
                agent = head.value(i);
            } else if (lines.kind[i] == Field.X_FORWARDED_FOR) {
                forwardedFor.append(',').append(head.value(i));
            }
        }
        return new AccessNote(
                System.currentTimeMillis(),
                ForwardedClient.of(forwardedFor.toString(), trusted, peer),
                head.hostEnd > head.hostStart ? head.text(head.hostStart, head.hostEnd) : null,
                head.text(0, head.methodEnd),
                head.pathEnd == head.pathStart
                        ? "/" + head.text(head.pathEnd, head.targetEnd)
                        : head.text(head.pathStart, head.targetEnd),
                head.protocol(),
                facts.requestId(),
                agent);
    }
}
