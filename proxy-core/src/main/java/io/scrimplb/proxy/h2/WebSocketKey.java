package io.scrimplb.proxy.h2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.scrimplb.proxy.http.Ascii;
import io.scrimplb.proxy.http.HeaderLines;
import io.scrimplb.proxy.http.ResponseHead;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The key and its answer in the opening handshake of a WebSocket (RFC 6455, 4.1 and 4.2.2). HTTP/2 has neither, and an HTTP/1.1
 * endpoint wants both. The key proves nothing to anybody but that the endpoint speaks WebSocket, so it need not be a secret.
 */
final class WebSocketKey {
    static final String ACCEPT_FIELD = "sec-websocket-accept";

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int RANDOM_BYTES = 16;

    private WebSocketKey() {}

    /** A new key, as it stands in its field. */
    static byte[] next() {
        byte[] random = new byte[RANDOM_BYTES];
        ThreadLocalRandom.current().nextBytes(random);
        return Base64.getEncoder().encode(random);
    }

    /** Whether a response has the one answer to a key. */
    static boolean accepted(byte[] key, ResponseHead head) {
        byte[] wanted = accept(key);
        HeaderLines lines = head.lines;
        int found = 0;
        for (int i = 0; i < lines.count; i++) {
            if (Ascii.equals(head.bytes, lines.nameStart[i], lines.nameEnd[i], ACCEPT_FIELD)) {
                int from = lines.valueStart[i];
                int to = lines.valueEnd[i];
                found += Arrays.equals(head.bytes, from, to, wanted, 0, wanted.length) ? 1 : 2;
            }
        }
        return found == 1;
    }

    static byte[] accept(byte[] key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(key);
            sha1.update(GUID.getBytes(US_ASCII));
            return Base64.getEncoder().encode(sha1.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
