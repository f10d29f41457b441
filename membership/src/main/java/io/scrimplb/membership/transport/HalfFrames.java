package io.scrimplb.membership.transport;

/** Bytes of the frames that are incomplete, over all connections. On the loop's thread. */
final class HalfFrames {
    /** Beyond it, those who are not in the view are closed for theirs. */
    private static final long MAX_BYTES = 8L * 1024 * 1024;

    private long bytes;

    /** So many bytes more are kept, or fewer when it is negative. */
    void add(int more) {
        bytes += more;
    }

    boolean tooMany() {
        return bytes > MAX_BYTES;
    }
}
