package io.scrimplb.membership.jgroups;

import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedCorruptException;
import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedProvider;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private final Faults faults = new Faults();
    private final SeedProvider provider;
    private final boolean overwritten;
    private final long longestLonelyMillis;
    private final BooleanSupplier lonely;
    private final Runnable whenRead;
    private final Consumer<String> trouble;
    private final ScheduledExecutorService thread;
    private final CountDownLatch readOnce = new CountDownLatch(1);
    private volatile SeedReading reading = SeedReading.NONE;
    /** On the thread of this book only. */
    private boolean failing;

    private long lonelyMillis = LONELY_MILLIS;
    private @Nullable Future<?> next;

    /**
     * @param overwritten whether a publisher of this process overwrites a corrupt seed object, and tells of it
     * @param longestLonelyMillis longest time between two readings while lonely
     * @param lonely whether this member misses company
     * @param whenRead called on this book's thread after each reading; must not block
     * @param trouble called when a source cannot be read, once until it can again
     */
    SeedBook(
            SeedProvider provider,
            boolean overwritten,
            long longestLonelyMillis,
            BooleanSupplier lonely,
            Runnable whenRead,
            Consumer<String> trouble) {
        this.provider = provider;
        this.overwritten = overwritten;
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

    /** What they came to when they were last read. */
    SeedReading reading() {
        return reading;
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
        try {
            read();
            readOnce.countDown();
            whenRead.run();
        } catch (Throwable e) {
            // Nothing may end the readings: without them this member is never found again.
            faults.log(LOG, "what follows a reading of the seeds failed; they are read again", e);
        } finally {
            scheduleNext();
        }
    }

    private void scheduleNext() {
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
            reading = resolve(seeds);
            if (failing) {
                failing = false;
                LOG.info("the seeds at {} can be read again", provider.location());
            }
        } catch (SeedCorruptException e) {
            if (overwritten) {
                LOG.debug("the seeds cannot be read: {}", e.getMessage());
            } else {
                failed(String.valueOf(e.getMessage()));
            }
        } catch (SeedException e) {
            failed(String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            // Of a provider that breaks its contract, or whose classes are not all there.
            LOG.debug("seed provider {} threw", provider.type(), e);
            failed("provider " + provider.type() + " failed unexpectedly: " + e);
        }
    }

    private void failed(String why) {
        if (!failing && !thread.isShutdown()) {
            failing = true;
            String message = "the seeds cannot be read, trying again: " + why;
            LOG.warn(message);
            trouble.accept(message);
        }
    }

    private static SeedReading resolve(List<Seed> seeds) {
        Map<String, List<IpAddress>> places = new LinkedHashMap<>();
        int resolved = 0;
        for (Seed seed : seeds.subList(0, Math.min(seeds.size(), MAX_SEEDS))) {
            if (resolved >= MAX_SEEDS) {
                break;
            }
            List<IpAddress> addresses = List.of();
            try {
                addresses = Arrays.stream(InetAddress.getAllByName(seed.address()))
                        .map(address -> new IpAddress(address, seed.port()))
                        .toList();
            } catch (UnknownHostException e) {
                LOG.debug("the name of seed {} cannot be resolved now", seed.address());
            }
            resolved += addresses.size();
            places.put(seed.hostPort(), addresses);
        }
        return new SeedReading(true, places);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
