package io.scrimplb.proxy.soak;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Bodies as windows into one array of noise: nothing has to be made or kept for them, and a byte out of place shows. */
final class SoakBytes {
    /** The largest body. */
    static final int MOST = 1 << 20;

    /** A body starts at an offset below this. */
    static final int OFFSETS = 4096;

    private static final byte[] NOISE = new byte[MOST + OFFSETS];

    static {
        new SplittableRandom(20_26).nextBytes(NOISE);
    }

    private SoakBytes() {}

    static byte[] noise() {
        return NOISE;
    }

    /** Whether {@code bytes[from, to)} is what stands in the noise at a position. */
    static boolean match(byte[] bytes, int from, int to, int position) {
        return position >= 0
                && position + to - from <= NOISE.length
                && Arrays.equals(bytes, from, to, NOISE, position, position + to - from);
    }
}
