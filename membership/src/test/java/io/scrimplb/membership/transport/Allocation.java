package io.scrimplb.membership.transport;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what this thread sets aside, since a length that is believed shows there before anywhere else. */
final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long before = THREADS.getCurrentThreadAllocatedBytes();
    private final int inputBytes;

    Allocation(int inputBytes) {
        this.inputBytes = inputBytes;
    }

    /**
     * @param fixed bytes that any input may take
     * @param factor bytes that each byte of it may take beyond
     */
    void isWithin(long fixed, long factor) {
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (bytes > fixed + factor * inputBytes) {
            throw new AssertionError(inputBytes + " bytes of input took " + bytes + " bytes");
        }
    }
}
