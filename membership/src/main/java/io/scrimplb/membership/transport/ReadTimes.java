package io.scrimplb.membership.transport;

/** When a connection was last heard of. On the loop's thread. */
final class ReadTimes {
    private long readNanos = System.nanoTime();
    private long partialNanos;

    /** When something was last read. */
    long readNanos() {
        return readNanos;
    }

    /** When the frame that is incomplete now began; 0 when there is none. */
    long partialNanos() {
        return partialNanos;
    }

    /** Something was read. */
    void read() {
        readNanos = System.nanoTime();
    }

    /** What was read ends within a frame; a byte now and then buys that frame no more time. */
    void incomplete() {
        if (partialNanos == 0) {
            partialNanos = readNanos;
        }
    }

    /** What was read makes a frame whole. */
    void complete() {
        partialNanos = 0;
    }
}
