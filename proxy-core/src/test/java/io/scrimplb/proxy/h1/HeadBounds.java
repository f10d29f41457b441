package io.scrimplb.proxy.h1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** A head is parsed alike whatever lies behind it in its array, and also when the array ends with it. */
final class HeadBounds {
    /** Parses a head; returns null when it is fine, else what is wrong with it. */
    @FunctionalInterface
    interface HeadParser {
        String parse(byte[] bytes, int length);
    }

    private static final int TAIL_BYTES = 24;

    private HeadBounds() {}

    static void check(byte[] wire, HeadParser parser, H1UnderTest h1) {
        int end = h1.headEnd(wire, 0, wire.length);
        for (int from = 1; from < Math.min(wire.length, 64); from += 7) {
            // Searching goes on where an earlier search ended.
            assertThat(h1.headEnd(wire, 0, from) < 0 ? h1.headEnd(wire, from, wire.length) : end)
                    .as("end of the head")
                    .isEqualTo(end);
        }
        if (end < 0) {
            return;
        }
        String verdict = parser.parse(Arrays.copyOf(wire, end), end);
        for (byte stale : RequestOracle.STALE) {
            byte[] longer = Arrays.copyOf(wire, end + TAIL_BYTES);
            Arrays.fill(longer, end, longer.length, stale);
            assertThat(parser.parse(longer, end)).as("behind it: " + stale).isEqualTo(verdict);
        }
    }
}
