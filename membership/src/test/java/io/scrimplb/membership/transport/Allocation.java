package io.scrimplb.membership.transport;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what this thread sets aside, since a length that is believed shows there before anywhere else. */
final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Classes that are loaded meanwhile count, and are not loaded again. */
    private static final int ATTEMPTS = 4;

    private Allocation() {}

    /**
     * Does some work, again when it took too much.
     *
     * @param fixed bytes that any input may take
     * @param factor bytes that each byte of it may take beyond
     */
    static void bounded(long fixed, long factor, int inputBytes, Runnable work) {
        long bytes = 0;
        for (int i = 0; i < ATTEMPTS; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            work.run();
            bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            if (bytes <= fixed + factor * inputBytes) {
                return;
            }
        }
        throw new AssertionError(inputBytes + " bytes of input took " + bytes + " bytes");
    }
}
