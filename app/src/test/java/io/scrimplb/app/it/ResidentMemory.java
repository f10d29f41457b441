package io.scrimplb.app.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Watches what a process keeps in memory, as Linux counts it. */
final class ResidentMemory implements AutoCloseable {
    private static final long LOOK_MILLIS = 50;

    private final Path status;
    private final AtomicLong most = new AtomicLong();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "resident-memory");
        thread.setDaemon(true);
        return thread;
    });

    ResidentMemory(long pid) {
        status = Path.of("/proc/" + pid + "/status");
        timer.scheduleAtFixedRate(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        most.accumulateAndGet(nowKiB(), Math::max);
    }

    long nowKiB() {
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The most that was seen since the start. */
    long mostKiB() {
        look();
        return most.get();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
