package io.scrimplb.membership.transport;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what was refused on the cluster's port, and says so in one line a minute at most: strangers knock on every
 * public port, and must not fill the log. On the loop's thread, except for the count.
 */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final long REST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongAdder count = new LongAdder();
    private long told;
    private @Nullable Long toldNanos;
    private @Nullable InetAddress last;
    private String why = "";

    /** Any thread. */
    long count() {
        return count.sum();
    }

    void refused(@Nullable InetAddress from, String reason) {
        count.increment();
        if (from != null || why.isEmpty()) {
            last = from;
            why = reason;
        }
        LOG.debug("refused {}: {}", from, reason);
    }

    /** Tells what came since it told last, when its time has come. */
    void tell() {
        long now = System.nanoTime();
        long fresh = count.sum() - told;
        Long before = toldNanos;
        if (fresh == 0 || before != null && now - before < REST_NANOS) {
            return;
        }
        InetAddress from = last;
        LOG.warn(
                "refused {} on the cluster's port, the last from {}: {}",
                fresh == 1 ? "a connection" : fresh + " connections",
                from == null ? "somebody" : from.getHostAddress(),
                why);
        told += fresh;
        toldNanos = now;
    }
}
