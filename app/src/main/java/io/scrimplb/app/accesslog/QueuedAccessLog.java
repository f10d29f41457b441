package io.scrimplb.app.accesslog;

import io.scrimplb.proxy.telemetry.AccessLog;
import io.scrimplb.proxy.telemetry.AccessRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log behind a bounded queue and one writing thread. {@link #write} never blocks and never throws: what the
 * writer cannot keep up with is dropped and counted. Thread-safe.
 */
public final class QueuedAccessLog implements AccessLog, AutoCloseable {
    /** Records that wait at most. */
    static final int MAX_WAITING = 8_192;
    /** Characters of paths, hosts and user agents that wait at most: strangers choose their length, 8 MiB in memory. */
    static final long MAX_WAITING_CHARS = 4L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(QueuedAccessLog.class);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);
    /** How soon a reopening, the end, or the end of dropping is noticed without traffic. */
    private static final long IDLE_MILLIS = 200;

    /** How often the writer looks whether records were dropped. */
    private static final Duration NOTE_PERIOD = Duration.ofSeconds(1);

    private static final int RECORD_CHARS = 200;

    private final BlockingQueue<AccessRecord> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicLong waitingChars = new AtomicLong();
    private final LongAdder overflowed = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LineFormat format;
    private final LineWriter writer;
    private final Thread thread;
    private volatile boolean reopen;
    private volatile boolean closed;
    private boolean overflowing;
    private long overflowedBefore;
    private long notedAt = System.nanoTime();

    QueuedAccessLog(LineFormat format, LineWriter writer) {
        this.format = format;
        this.writer = writer;
        this.thread = new Thread(this::run, "scrimp-access-log");
        this.thread.setDaemon(true);
    }

    /**
     * Opens the log and starts its thread. A target that cannot be opened is one line in the program's log and is tried
     * again; it never fails the start.
     *
     * @param format how lines look
     * @param file where they go, null for standard output; its directory has to exist
     */
    public static QueuedAccessLog start(AccessLogFormat format, @Nullable Path file) {
        LineFormat lines = switch (format) {
            case JSON -> new JsonLineFormat();
            case COMBINED -> new CombinedLineFormat();
        };
        LogTarget target = file == null ? LogTarget.stdout() : LogTarget.file(file);
        return new QueuedAccessLog(lines, new LineWriter(target, System::nanoTime, LOG)).start();
    }

    QueuedAccessLog start() {
        writer.open();
        thread.start();
        return this;
    }

    @Override
    public boolean enabled() {
        return true;
    }

    @Override
    public void write(AccessRecord accessRecord) {
        long chars = chars(accessRecord);
        if (closed || waitingChars.addAndGet(chars) > MAX_WAITING_CHARS || !queue.offer(accessRecord)) {
            if (!closed) {
                waitingChars.addAndGet(-chars);
            }
            overflowed.increment();
        }
    }

    private static long chars(AccessRecord accessRecord) {
        return RECORD_CHARS
                + length(accessRecord.path())
                + length(accessRecord.host())
                + length(accessRecord.userAgent())
                + length(accessRecord.method())
                + length(accessRecord.requestId());
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** Records that never became a line, since the start. */
    public long dropped() {
        return overflowed.sum() + lost.sum();
    }

    /** Opens the file anew, after something renamed it. Returns at once. */
    public void reopen() {
        reopen = true;
    }

    /** Writes what waits, for at most 2 s, and closes the target. Records that come later are dropped. Idempotent. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(CLOSE_WAIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            try {
                // Asked before the queue is: what was handed over before the end is in it by then.
                boolean last = closed;
                AccessRecord next = queue.poll();
                if (next == null) {
                    lost.add(writer.flush());
                    if (last) {
                        break;
                    }
                    next = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                }
                noteOverflow();
                if (reopen) {
                    reopen = false;
                    lost.add(writer.reopen());
                }
                if (next != null) {
                    waitingChars.addAndGet(-chars(next));
                    lost.add(writer.write(format.line(next)));
                }
            } catch (InterruptedException e) {
                LOG.debug("interrupted", e);
            } catch (IOException | RuntimeException e) {
                lost.increment();
                LOG.debug("a record could not be formatted", e);
            }
        }
        lost.add(writer.close());
    }

    /** One line when dropping begins and one when a whole period went without. */
    private void noteOverflow() {
        long now = System.nanoTime();
        if (now - notedAt < NOTE_PERIOD.toNanos()) {
            return;
        }
        notedAt = now;
        long sum = overflowed.sum();
        boolean more = sum > overflowedBefore;
        if (more && !overflowing) {
            LOG.warn("access log: the target does not keep up; {} records dropped so far", sum);
        } else if (!more && overflowing) {
            LOG.info("access log: the target keeps up again; {} records dropped since the start", sum);
        }
        overflowing = more;
        overflowedBefore = sum;
    }
}
