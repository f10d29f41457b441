package io.scrimplb.proxy.h1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The ways bytes may arrive in. */
final class Pieces {
    /** Beyond it bytes are not fed one by one, for the time it takes. */
    private static final int MAX_SINGLE_BYTES = 600;

    private Pieces() {}

    /** Whole, byte by byte when short enough, and cut at places that depend on the bytes alone. */
    static List<List<byte[]>> waysOf(byte[] wire) {
        List<List<byte[]>> ways = new ArrayList<>();
        ways.add(List.of(wire));
        if (wire.length <= MAX_SINGLE_BYTES) {
            ways.add(cut(wire, 1, null));
        }
        Random random = new Random(Arrays.hashCode(wire));
        ways.add(cut(wire, 3 + wire.length / 8, random));
        ways.add(cut(wire, 3 + wire.length / 64, random));
        return ways;
    }

    /** @param random gives the sizes, from 1 to {@code most}; null to have all of them at {@code most} */
    private static List<byte[]> cut(byte[] wire, int most, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        int at = 0;
        while (at < wire.length) {
            int size = Math.min(wire.length - at, random == null ? most : 1 + random.nextInt(most));
            pieces.add(Arrays.copyOfRange(wire, at, at + size));
            at += size;
        }
        return pieces;
    }
}
