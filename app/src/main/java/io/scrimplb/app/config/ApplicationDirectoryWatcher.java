package io.scrimplb.app.config;

import io.scrimplb.app.config.ApplicationDirectory.Reading;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows an application directory and tells each change of what it says within two seconds. The system's own events
 * make that quick; a look every second catches what network file systems and containers do not report. A file that is
 * touched and says the same is no change.
 *
 * <p>The consumer hears the first reading on the thread that calls {@link #start}, before that returns, and every
 * further one on the watcher's own daemon thread, never two at a time. It logs nothing; what to tell the operator is in
 * the reading.
 */
public final class ApplicationDirectoryWatcher implements AutoCloseable {
    /** Between two looks when no event comes. */
    private static final Duration RESCAN = Duration.ofSeconds(1);
    /** Between two looks while a file seems half written. */
    private static final Duration RESCAN_UNSETTLED = Duration.ofMillis(100);
    /** One save is several events; this is how long they gather. */
    private static final Duration GATHER = Duration.ofMillis(20);

    private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(ApplicationDirectoryWatcher.class);

    private final ApplicationDirectory directory;
    private final DirectoryScan scan;
    private final Consumer<Reading> consumer;
    private final Optional<WatchService> events;
    private final Thread thread;
    private @Nullable WatchKey watchKey;
    /** What the consumer has taken. */
    private Reading last;
    /** What the consumer failed at last. */
    private @Nullable Reading failed;

    private ApplicationDirectoryWatcher(ApplicationDirectory directory, Consumer<Reading> consumer) {
        this.directory = directory;
        this.scan = new DirectoryScan(directory, Clock.systemUTC());
        this.consumer = consumer;
        this.events = watchService();
        register();
        this.last = scan.scan();
        this.thread = new Thread(this::run, "application-directory");
        thread.setDaemon(true);
    }

    /**
     * Starts to follow a directory, which need not exist yet.
     *
     * @param environment what <code>${NAME}</code> in the files is resolved with
     */
    public static ApplicationDirectoryWatcher start(
            Path directory, Map<String, String> environment, Consumer<Reading> consumer) {
        ApplicationDirectoryWatcher watcher =
                new ApplicationDirectoryWatcher(new ApplicationDirectory(directory, environment), consumer);
        consumer.accept(watcher.last);
        watcher.thread.start();
        return watcher;
    }

    /** Ends the watching; no reading is told after it has returned, unless one takes longer than two seconds. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSE_WAIT.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        events.ifPresent(ApplicationDirectoryWatcher::closeQuietly);
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                await();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        register();
        Reading reading = last;
        try {
            reading = scan.scan();
            if (!reading.equals(last)) {
                consumer.accept(reading);
                last = reading;
            }
        } catch (RuntimeException bug) {
            // The thread must outlive a consumer's bug, or the directory would silently be dead from here on. The same
            // reading is offered again at each look, and complained of once.
            if (!reading.equals(failed)) {
                LOG.error("Application directory {}: a change could not be applied", directory.path(), bug);
            }
            failed = reading;
        }
    }

    private void await() throws InterruptedException {
        Duration pause = scan.isUnsettled() ? RESCAN_UNSETTLED : RESCAN;
        if (events.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            return;
        }
        WatchKey signalled = events.get().poll(pause.toMillis(), TimeUnit.MILLISECONDS);
        if (signalled != null) {
            TimeUnit.MILLISECONDS.sleep(GATHER.toMillis());
            signalled.pollEvents();
            signalled.reset();
        }
    }

    /** A directory that is not there yet, or was replaced, is watched as soon as it is there. */
    private void register() {
        if (events.isEmpty() || (watchKey != null && watchKey.isValid())) {
            return;
        }
        try {
            watchKey = directory
                    .path()
                    .register(
                            events.get(),
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException notThere) {
            watchKey = null;
        }
    }

    private static Optional<WatchService> watchService() {
        try {
            return Optional.of(FileSystems.getDefault().newWatchService());
        } catch (IOException | UnsupportedOperationException none) {
            LOG.debug("No file events here, looking every second instead: {}", none.toString());
            return Optional.empty();
        }
    }

    private static void closeQuietly(WatchService service) {
        try {
            service.close();
        } catch (IOException ignored) {
            LOG.debug("File events could not be closed: {}", ignored.toString());
        }
    }
}
