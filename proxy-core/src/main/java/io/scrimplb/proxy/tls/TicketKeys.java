package io.scrimplb.proxy.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * The keys of the tickets with which clients resume sessions, the same for all certificates and event loops, so that a swapped
 * certificate or another loop does not cost a client a full handshake. They live in memory only and die in turn: whoever gets
 * hold of one cannot read what was resumed with an older one. Control side only, one call at a time.
 */
final class TicketKeys {
    /** A key encrypts for that long, and decrypts for as long again twice: a ticket is good for a day at least. */
    static final Duration ROTATION = Duration.ofHours(12);

    private static final int KEPT = 3;

    private final SecureRandom random = new SecureRandom();
    private OpenSslSessionTicketKey[] keys = {fresh()};

    /** The first encrypts, all decrypt. */
    OpenSslSessionTicketKey[] keys() {
        return keys.clone();
    }

    /** Puts a new key in front and forgets the oldest. */
    void rotate() {
        OpenSslSessionTicketKey[] next = new OpenSslSessionTicketKey[Math.min(KEPT, keys.length + 1)];
        next[0] = fresh();
        System.arraycopy(keys, 0, next, 1, next.length - 1);
        keys = next;
    }

    private OpenSslSessionTicketKey fresh() {
        return new OpenSslSessionTicketKey(
                bytes(OpenSslSessionTicketKey.NAME_SIZE),
                bytes(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                bytes(OpenSslSessionTicketKey.AES_KEY_SIZE));
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
