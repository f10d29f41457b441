package io.scrimplb.proxy.soak;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process holds while nothing is in flight.
 *
 * @param heapBytes live after a full collection
 * @param nettyBytes direct memory of Netty's allocator, in use or kept for reuse
 * @param directBytes direct memory of the JDK's buffers
 * @param descriptors open files
 * @param threads live threads
 */
record SoakSample(long heapBytes, long nettyBytes, long directBytes, long descriptors, int threads) {
    /** A tenth of a byte for each of ten million requests is a megabyte: more than two are a leak and not noise. */
    private static final long HEAP_SLACK = 2 << 20;

    /** The allocator keeps chunks for reuse, more or fewer of them by chance; a leaked buffer keeps its chunk for good. */
    private static final long DIRECT_SLACK = 4 << 20;

    /** Pools may hold other numbers of idle connections, with both of their ends in this process. */
    private static final long DESCRIPTOR_SLACK = 64;

    private static final int THREAD_SLACK = 2;

    static SoakSample take() throws IOException {
        // Twice: what a cleaner or a weak reference lets go is collected by the second.
        System.gc();
        System.gc();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        long netty = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return new SoakSample(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    netty,
                    direct,
                    open.count(),
                    ManagementFactory.getThreadMXBean().getThreadCount());
        }
    }

    /** What is more in this sample than it may be after an earlier one. */
    List<String> growthSince(SoakSample earlier) {
        List<String> growth = new ArrayList<>();
        compare(growth, "live heap, bytes", earlier.heapBytes, heapBytes, HEAP_SLACK);
        compare(growth, "Netty's direct memory, bytes", earlier.nettyBytes, nettyBytes, DIRECT_SLACK);
        compare(growth, "the JDK's direct memory, bytes", earlier.directBytes, directBytes, DIRECT_SLACK);
        compare(growth, "open files", earlier.descriptors, descriptors, DESCRIPTOR_SLACK);
        compare(growth, "threads", earlier.threads, threads, THREAD_SLACK);
        return growth;
    }

    private static void compare(List<String> growth, String what, long before, long after, long slack) {
        if (after > before + slack) {
            growth.add(what + ": " + before + " grew to " + after);
        }
    }

    /** The lesser of two in each figure: what the process came down to. */
    SoakSample least(SoakSample other) {
        return new SoakSample(
                Math.min(heapBytes, other.heapBytes),
                Math.min(nettyBytes, other.nettyBytes),
                Math.min(directBytes, other.directBytes),
                Math.min(descriptors, other.descriptors),
                Math.min(threads, other.threads));
    }
}
