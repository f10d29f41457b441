package io.scrimplb.proxy.http;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * Makes request ids: 128 bits as 32 hex digits, unique in practice and not meant to be secret. One an event loop; not
 * thread-safe. The generator is SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number
 * Generators", OOPSLA 2014) seeded from the system.
 */
public final class RequestIds {
    /** Length of an id in characters. */
    public static final int LENGTH = 32;

    /** A client's own id is taken over up to this length in characters. */
    public static final int MAX_FOREIGN_LENGTH = 128;

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private final long prefix = new SecureRandom().nextLong();
    private long state = new SecureRandom().nextLong();

    /** A new id. */
    public String next() {
        byte[] id = new byte[LENGTH];
        next(id, 0);
        return new String(id, StandardCharsets.US_ASCII);
    }

    /** Writes a new id. */
    public void next(byte[] into, int offset) {
        state += GOLDEN_GAMMA;
        hex(mix(prefix ^ state), into, offset);
        state += GOLDEN_GAMMA;
        hex(mix(state), into, offset + 16);
    }

    /** Whether an id that came from outside may be passed on and logged: letters, digits and {@code . _ : + / = @ -}. */
    public static boolean acceptable(byte[] value, int offset, int length) {
        if (length < 1 || length > MAX_FOREIGN_LENGTH) {
            return false;
        }
        for (int i = offset; i < offset + length; i++) {
            int c = value[i];
            boolean fine = (c >= '0' && c <= '9')
                    || (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c > 0 && "._:+/=@-".indexOf(c) >= 0);
            if (!fine) {
                return false;
            }
        }
        return true;
    }

    private static void hex(long bits, byte[] into, int offset) {
        long rest = bits;
        for (int i = offset + 15; i >= offset; i--) {
            into[i] = HEX[(int) (rest & 15)];
            rest >>>= 4;
        }
    }

    private static long mix(long z) {
        long mixed = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
