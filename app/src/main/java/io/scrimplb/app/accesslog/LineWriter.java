package io.scrimplb.app.accesslog;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Writes lines to a target that may fail and come back. While it is out of order lines are dropped, and it is tried
 * again every {@link #RETRY}. One log line when it fails and one when it works again. Used by one thread.
 */
final class LineWriter {
    static final Duration RETRY = Duration.ofSeconds(5);
    /** Bytes gathered before they are written: a few dozen lines. */
    private static final int BUFFER_BYTES = 16 * 1024;

    private final LogTarget target;
    private final LongSupplier nanoTime;
    private final Logger log;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private int bufferedLines;
    private @Nullable OutputStream out;
    private boolean failed;
    private boolean cutLine;
    private long retryAt;
    private long lost;

    LineWriter(LogTarget target, LongSupplier nanoTime, Logger log) {
        this.target = target;
        this.nanoTime = nanoTime;
        this.log = log;
    }

    /** Takes a line; it is written at the latest with the next {@link #flush()}. Returns how many lines were lost. */
    int write(byte[] line) {
        int dropped = 0;
        if (line.length > buffer.length - buffered) {
            dropped += flush();
        }
        if (line.length > buffer.length) {
            return dropped + put(line, line.length, 1);
        }
        System.arraycopy(line, 0, buffer, buffered, line.length);
        buffered += line.length;
        bufferedLines++;
        return dropped;
    }

    /** Writes what is gathered. Returns how many lines were lost. */
    int flush() {
        if (buffered == 0) {
            return 0;
        }
        int dropped = put(buffer, buffered, bufferedLines);
        buffered = 0;
        bufferedLines = 0;
        return dropped;
    }

    private int put(byte[] octets, int length, int lines) {
        if (!open()) {
            lost += lines;
            return lines;
        }
        try {
            OutputStream stream = Objects.requireNonNull(out);
            if (cutLine) {
                // A full disk may have cut a line; the next one shall not be glued to it.
                stream.write('\n');
                cutLine = false;
            }
            stream.write(octets, 0, length);
            works();
            return 0;
        } catch (IOException e) {
            cutLine = true;
            fails(e);
            lost += lines;
            return lines;
        }
    }

    /** Opens the target unless it is open; for a start, so that a wrong path is told at once. */
    boolean open() {
        if (out != null) {
            return true;
        }
        if (failed && nanoTime.getAsLong() - retryAt < 0) {
            return false;
        }
        try {
            out = target.open();
            return true;
        } catch (IOException e) {
            fails(e);
            return false;
        }
    }

    private void works() {
        if (failed) {
            failed = false;
            log.info("access log: {} can be written again; {} lines were lost", target.name(), lost);
            lost = 0;
        }
    }

    private void fails(IOException cause) {
        closeQuietly();
        retryAt = nanoTime.getAsLong() + RETRY.toNanos();
        if (!failed) {
            failed = true;
            log.warn(
                    "access log: {} cannot be written: {}; lines are dropped until it can",
                    target.name(),
                    reason(cause));
        }
    }

    private static String reason(IOException cause) {
        String kind = cause.getClass().getSimpleName().replace("Exception", "");
        String message = cause.getMessage();
        return message == null
                ? kind
                : kind + ": " + message.lines().findFirst().orElse("");
    }

    /** Closes the target and opens it anew with the next line, as after a rotation. */
    int reopen() {
        int dropped = flush();
        closeQuietly();
        retryAt = nanoTime.getAsLong();
        open();
        return dropped;
    }

    int close() {
        int dropped = flush();
        closeQuietly();
        return dropped;
    }

    private void closeQuietly() {
        OutputStream stream = out;
        out = null;
        if (stream != null) {
            try {
                stream.close();
            } catch (IOException e) {
                log.debug("closing {}", target.name(), e);
            }
        }
    }
}
