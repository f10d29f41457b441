package io.scrimplb.membership.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel says of a process at one moment.
 *
 * @param cpuMillis processor time since its start, user and system, to 10 ms
 * @param threads of the whole JVM
 * @param residentKb resident memory (RSS)
 * @param proportionalKb resident memory with shared pages divided among those who share them (PSS)
 */
record ProcessFigures(long cpuMillis, int threads, long residentKb, long proportionalKb) {
    /** Of a clock tick, the same on every Linux that Java runs on. */
    private static final long TICK_MILLIS = 10;

    static ProcessFigures of(long pid) throws IOException {
        Path process = Path.of("/proc/" + pid);
        String stat = Files.readString(process.resolve("stat"));
        // Fields from the third on; the second is a name in brackets that may hold blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        return new ProcessFigures(
                ticks * TICK_MILLIS,
                Integer.parseInt(fields[17]),
                line(process.resolve("status"), "VmRSS:"),
                line(process.resolve("smaps_rollup"), "Pss:"));
    }

    private static long line(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IOException(file + " has no " + name));
    }
}
