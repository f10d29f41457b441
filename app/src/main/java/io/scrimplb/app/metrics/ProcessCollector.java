package io.scrimplb.app.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process as its operating system sees it, under the names that every Prometheus client uses; Micrometer's own names
 * differ from those. What the platform does not tell is left out.
 */
final class ProcessCollector implements MultiCollector {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double BYTES_PER_KIB = 1024;

    @Override
    public MetricSnapshots collect() {
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        Family start = new Family("process_start_time_seconds", "Start of the process, in seconds since the epoch.");
        start.add((double) ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS_PER_SECOND);
        snapshots.metricSnapshot(start.gauge());
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof UnixOperatingSystemMXBean unix) {
            Family cpu = new Family("process_cpu_seconds_total", "CPU time, user and system.");
            cpu.add(unix.getProcessCpuTime() / NANOS_PER_SECOND);
            Family open = new Family("process_open_fds", "Open file descriptors.");
            open.add(unix.getOpenFileDescriptorCount());
            Family max = new Family("process_max_fds", "Limit of open file descriptors.");
            max.add(unix.getMaxFileDescriptorCount());
            snapshots.metricSnapshot(cpu.counter()).metricSnapshot(open.gauge()).metricSnapshot(max.gauge());
        }
        double resident = residentBytes();
        if (resident > 0) {
            Family memory = new Family("process_resident_memory_bytes", "Resident memory.");
            memory.add(resident);
            snapshots.metricSnapshot(memory.gauge());
        }
        return snapshots.build();
    }

    private static double residentBytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(RESIDENT)) {
                    // "VmRSS:     123456 kB"
                    String[] words = line.substring(RESIDENT.length()).strip().split(" ", 2);
                    return Long.parseLong(words[0]) * BYTES_PER_KIB;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
        return 0;
    }
}
