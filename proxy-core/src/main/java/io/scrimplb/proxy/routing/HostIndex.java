package io.scrimplb.proxy.routing;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From a host name to its paths: an open-addressing hash table over the bytes of the name, compared without regard to case,
 * so that a look-up makes no string. Immutable.
 */
final class HostIndex {
    private final byte[] @Nullable [] names;
    private final @Nullable PathIndex[] values;
    private final int mask;

    /** @param byName lower-case names */
    HostIndex(Map<String, PathIndex> byName) {
        int capacity = Math.max(8, Integer.highestOneBit(byName.size() * 2) * 2);
        names = new byte[capacity][];
        values = new PathIndex[capacity];
        mask = capacity - 1;
        byName.forEach((name, value) -> {
            byte[] key = name.getBytes(StandardCharsets.US_ASCII);
            int at = hash(key, 0, key.length) & mask;
            while (names[at] != null) {
                at = (at + 1) & mask;
            }
            names[at] = key;
            values[at] = value;
        });
    }

    @Nullable
    PathIndex get(byte[] name, int offset, int length) {
        int at = hash(name, offset, length) & mask;
        while (true) {
            byte[] key = names[at];
            if (key == null) {
                return null;
            }
            if (key.length == length && same(key, name, offset)) {
                return values[at];
            }
            at = (at + 1) & mask;
        }
    }

    private static boolean same(byte[] key, byte[] name, int offset) {
        for (int i = 0; i < key.length; i++) {
            if (key[i] != lower(name[offset + i])) {
                return false;
            }
        }
        return true;
    }

    private static int hash(byte[] bytes, int offset, int length) {
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + lower(bytes[offset + i]);
        }
        return hash ^ (hash >>> 15);
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }
}
