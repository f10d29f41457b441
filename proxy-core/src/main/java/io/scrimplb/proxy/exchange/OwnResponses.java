package io.scrimplb.proxy.exchange;

import io.scrimplb.proxy.http.Field;
import io.scrimplb.proxy.http.OwnResponse;
import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.tls.CertificateTable;
import org.jspecify.annotations.Nullable;

/** Which requests are answered here, before any route is looked at. */
final class OwnResponses {
    private static final String CHALLENGE_PATH = "/.well-known/acme-challenge/";
    private static final int HTTPS_PORT = 443;

    private OwnResponses() {}

    /** The answer to an authority's question; null for every other request, one for a token nobody set here among them. */
    static @Nullable OwnResponse challenge(RequestHead head, CertificateTable table) {
        if (!table.challengesHttp() || !(head.methodIs("GET") || head.methodIs("HEAD"))) {
            return null;
        }
        int tokenStart = head.pathStart + CHALLENGE_PATH.length();
        // The path as it came: no other spelling of it is meant.
        if (tokenStart >= head.pathEnd || !head.text(head.pathStart, tokenStart).equals(CHALLENGE_PATH)) {
            return null;
        }
        String content = table.challengeContent(head.text(tokenStart, head.pathEnd));
        return content == null ? null : OwnResponse.challenge(content);
    }

    /**
     * Whether a request says that its client came by https, to whoever sent it here: sent on to https it would come back for ever.
     * Of several values the first is the client's.
     */
    static boolean cameByHttps(RequestHead head) {
        for (int i = 0; i < head.lines.count; i++) {
            if (head.lines.kind[i] == Field.X_FORWARDED_PROTO) {
                return head.value(i).split(",", 2)[0].strip().equalsIgnoreCase("https");
            }
        }
        return false;
    }

    /**
     * Sends a request on to https: the same host, path and query, byte for byte. The host stands in front of the path, whatever
     * that holds, and was checked to be a host and nothing else, so nobody is sent to a place that was not asked for.
     *
     * @param port where https is served
     * @return null when the request names no host
     */
    static @Nullable OwnResponse redirect(RequestHead head, int port) {
        if (head.hostEnd == head.hostStart) {
            return null;
        }
        StringBuilder location = new StringBuilder("https://").append(head.text(head.hostStart, head.hostEnd));
        if (port != HTTPS_PORT) {
            location.append(':').append(port);
        }
        boolean whole = head.pathEnd == head.pathStart || head.bytes[head.pathStart] == '*';
        if (whole) {
            location.append('/');
        }
        if (head.bytes[head.pathStart] != '*') {
            location.append(head.text(head.pathStart, head.targetEnd));
        }
        return OwnResponse.redirect(location.toString(), head.methodIs("GET") || head.methodIs("HEAD"));
    }
}
