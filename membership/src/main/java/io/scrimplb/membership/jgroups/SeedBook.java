package io.scrimplb.membership.jgroups;

import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedProvider;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jgroups.stack.IpAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seeds as they were last read. Reads them on a thread of its own, often while this member is lonely and rarely
 * otherwise, and resolves their names there, so that nothing else ever waits for a source or for DNS.
 */
final class SeedBook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SeedBook.class);
    /** Seeds that are used; a source that holds more is cut. */
    private static final int MAX_SEEDS = 64;
    /** Time to the next reading while lonely, ms: grows from the first to the longest. */
    private static final long LONELY_MILLIS = 1_000;

    /** One part in so many is added each time. */
    private static final int GROWTH = 4;
    /** Time to the next reading in company, ms. */
    private static final long COMPANY_MILLIS = 60_000;

    private static final double JITTER = 0.2;

    private final SeedProvider provider;
    private final long longestLonelyMillis;
    private final BooleanSupplier lonely;
    private final Runnable whenRead;
    private final Consumer<String> trouble;
    private final ScheduledExecutorService thread;
    private final CountDownLatch readOnce = new CountDownLatch(1);
    private volatile List<IpAddress> addresses = List.of();
    /** On the thread of this book only. */
    private boolean failing;

    private long lonelyMillis = LONELY_MILLIS;
    private @Nullable Future<?> next;

    /**
     * @param longestLonelyMillis longest time between two readings while lonely
     * @param lonely whether this member misses company
     * @param whenRead called on this book's thread after each reading; must not block
     * @param trouble called when a source cannot be read, once until it can again
     */
    SeedBook(
            SeedProvider provider,
            long longestLonelyMillis,
            BooleanSupplier lonely,
            Runnable whenRead,
            Consumer<String> trouble) {
        this.provider = provider;
        this.longestLonelyMillis = longestLonelyMillis;
        this.lonely = lonely;
        this.whenRead = whenRead;
        this.trouble = trouble;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, "scrimp-seeds");
            created.setDaemon(true);
            return created;
        });
    }

    void start() {
        thread.execute(this::readAndScheduleNext);
    }

    /** Waits for the first reading. False when the time is up before. */
    boolean awaitFirst(long millis) throws InterruptedException {
        return readOnce.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Addresses to join through, in the source's order; empty when there are none or none were read yet. */
    List<IpAddress> addresses() {
        return addresses;
    }

    /** Reads now and begins to read often again, because company was lost. */
    void companyLost() {
        try {
            thread.execute(() -> {
                lonelyMillis = LONELY_MILLIS;
                readAndScheduleNext();
            });
        } catch (RejectedExecutionException e) {
            LOG.trace("closed meanwhile");
        }
    }

    private void readAndScheduleNext() {
        read();
        long millis = COMPANY_MILLIS;
        if (lonely.getAsBoolean()) {
            millis = lonelyMillis;
            lonelyMillis = Math.min(longestLonelyMillis, lonelyMillis + lonelyMillis / GROWTH);
        } else {
            lonelyMillis = LONELY_MILLIS;
        }
        double jitter = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        if (next != null) {
            next.cancel(false);
        }
        try {
            next = thread.schedule(this::readAndScheduleNext, Math.round(millis * jitter), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("closed meanwhile");
        }
    }

    private void read() {
        try {
            List<Seed> seeds = provider.seeds();
            addresses = resolve(seeds);
            if (failing) {
                failing = false;
                LOG.info("the seeds at {} can be read again", provider.location());
            }
        } catch (SeedException | RuntimeException e) {
            if (!failing) {
                failing = true;
                String message = "the seeds cannot be read, trying again: " + e.getMessage();
                LOG.warn(message);
                trouble.accept(message);
            }
        }
        readOnce.countDown();
        whenRead.run();
    }

    private static List<IpAddress> resolve(List<Seed> seeds) {
        Set<IpAddress> resolved = new LinkedHashSet<>();
        for (Seed seed : seeds.subList(0, Math.min(seeds.size(), MAX_SEEDS))) {
            if (seed.port() < 1 || seed.port() > 65_535) {
                continue;
            }
            try {
                for (InetAddress address : InetAddress.getAllByName(seed.address())) {
                    resolved.add(new IpAddress(address, seed.port()));
                }
            } catch (UnknownHostException e) {
                LOG.debug("the name of seed {} cannot be resolved now", seed.address());
            }
            if (resolved.size() >= MAX_SEEDS) {
                break;
            }
        }
        return List.copyOf(new ArrayList<>(resolved));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
