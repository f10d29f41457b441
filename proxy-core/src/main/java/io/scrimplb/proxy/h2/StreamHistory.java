package io.scrimplb.proxy.h2;

/**
 * Which of the last streams of a peer were used, and which this side reset: HEADERS on a stream that is gone may be a trailer
 * that crossed our RST_STREAM, or else are an error of the connection (RFC 9113, 5.1 and 5.1.1). Not thread-safe.
 */
final class StreamHistory {
    /** Streams that are remembered, a power of two: more than can be open at a time. */
    private static final int REMEMBERED = 256;

    private static final int WORD_BITS = 64;

    private final long[] used = new long[REMEMBERED / WORD_BITS];
    private final long[] reset = new long[REMEMBERED / WORD_BITS];
    private int last = -1;

    /** A stream was opened; ids rise by two. */
    void opened(int streamId) {
        int number = streamId >>> 1;
        for (int skipped = Math.max(last + 1, number - REMEMBERED + 1); skipped < number; skipped++) {
            set(used, skipped, false);
            set(reset, skipped, false);
        }
        set(used, number, true);
        set(reset, number, false);
        last = number;
    }

    /** This side reset a stream. */
    void reset(int streamId) {
        if (remembers(streamId)) {
            set(reset, streamId >>> 1, true);
        }
    }

    /** Whether a stream was opened once; so it counts when that is too long ago to be known. */
    boolean wasUsed(int streamId) {
        return !remembers(streamId) || get(used, streamId >>> 1);
    }

    /** Whether this side reset a stream; so it counts when that is too long ago to be known. */
    boolean wasReset(int streamId) {
        return !remembers(streamId) || get(reset, streamId >>> 1);
    }

    private boolean remembers(int streamId) {
        return last - (streamId >>> 1) < REMEMBERED;
    }

    private static void set(long[] bits, int number, boolean to) {
        int at = number % REMEMBERED;
        long mask = 1L << (at % WORD_BITS);
        if (to) {
            bits[at / WORD_BITS] |= mask;
        } else {
            bits[at / WORD_BITS] &= ~mask;
        }
    }

    private static boolean get(long[] bits, int number) {
        int at = number % REMEMBERED;
        return (bits[at / WORD_BITS] >>> (at % WORD_BITS) & 1) != 0;
    }
}
