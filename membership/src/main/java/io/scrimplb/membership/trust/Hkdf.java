package io.scrimplb.membership.trust;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with HMAC-SHA-256 (RFC 5869), written out because the JDK has it from 25 on only. Stateless. */
final class Hkdf {
    private static final String HMAC = "HmacSHA256";
    private static final int HASH_BYTES = 32;
    /** RFC 5869, 2.3: at most 255 blocks. */
    private static final int MAX_BYTES = 255 * HASH_BYTES;

    private Hkdf() {}

    /**
     * Extract, then expand (RFC 5869, 2.2 and 2.3).
     *
     * @param salt not secret, not empty
     * @param input keying material
     * @param info what the result is for: other info, other result
     * @param bytes 1 to 8160
     */
    static byte[] derive(byte[] salt, byte[] input, byte[] info, int bytes) {
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException(bytes + " bytes are not between 1 and " + MAX_BYTES);
        }
        Mac mac = hmac(hmac(salt).doFinal(input));
        byte[] output = new byte[bytes];
        byte[] block = {};
        int done = 0;
        for (int counter = 1; done < bytes; counter++) {
            mac.update(block);
            mac.update(info);
            mac.update((byte) counter);
            block = mac.doFinal();
            int length = Math.min(block.length, bytes - done);
            System.arraycopy(block, 0, output, done, length);
            done += length;
        }
        Arrays.fill(block, (byte) 0);
        return output;
    }

    static byte[] derive(String salt, byte[] input, String info, int bytes) {
        return derive(salt.getBytes(StandardCharsets.US_ASCII), input, info.getBytes(StandardCharsets.US_ASCII), bytes);
    }

    private static Mac hmac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + HMAC, e);
        }
    }
}
