package io.scrimplb.seed;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a load balancer's own seed fresh in a store: at start and then every period, give or take the jitter, it reads,
 * merges and writes. When somebody else wrote meanwhile it does so again at once; when the store fails it tries again
 * after a second, then two, then four, up to the period. Nothing a store does ends it.
 *
 * <p>Many stores that speak S3 ignore the condition of a write, or check it and write in two steps. So a push that is
 * not one of the steady ones is looked at again a little later, and repeated if another writer has wiped it out. That
 * is done a few times only: a store that drops writes, or an old copy that stands before it, looks just the same.
 *
 * <p>All work is done on one daemon thread of its own; {@link #status} may be called from any thread. One log line for
 * each change of state.
 */
public final class SeedPublisher implements AutoCloseable {
    /** How long {@link #withdraw} waits at most. */
    public static final Duration WITHDRAW_LIMIT = Duration.ofSeconds(2);

    /** Attempts of one push before conflicts count as a failure: enough for a dozen that start at one instant. */
    static final int MAX_ATTEMPTS = 12;

    /** The first pause after a conflict lasts up to this many milliseconds, the second up to twice as many, and so on. */
    static final int CONFLICT_BACKOFF_MILLIS = 60;

    /** Pushes that are repeated because the own entry was not there when it was looked at again. */
    static final int MAX_REPEATS = 3;

    /** At least this long, at most twice as long: the time another writer may need between its check and its write. */
    private static final Duration CHECK_AFTER = Duration.ofMillis(500);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 16;
    private static final Logger log = LoggerFactory.getLogger(SeedPublisher.class);

    private final SeedProvider provider;
    private final SeedStore store;
    private final OwnSeed own;
    private final PushPlan plan;
    private final PushListener listener;
    private final Time time;

    /** What a test wants to hold in its hand. */
    record Time(Clock clock, RandomGenerator random, PushTimer timer) {}

    // Only the timer's thread touches these.
    private int failuresInARow;
    private int repeats;
    /** Whether what is written is not there when it is read: then a push counts only once it was seen. */
    private boolean unseen;

    private boolean corruptionLogged;
    private @Nullable Seed written;

    private volatile boolean closed;
    private volatile PublisherStatus status = new PublisherStatus(Optional.empty(), Optional.empty());

    SeedPublisher(
            SeedProvider provider, SeedStore store, OwnSeed own, PushPlan plan, PushListener listener, Time time) {
        this.provider = provider;
        this.store = store;
        this.own = own;
        this.plan = plan;
        this.listener = listener;
        this.time = time;
    }

    /**
     * Starts to publish; the first push begins at once, in the background.
     *
     * @return empty when the provider cannot be written, so that there is nothing to keep fresh
     */
    public static Optional<SeedPublisher> start(
            SeedProvider provider, OwnSeed own, PushPlan plan, PushListener listener) {
        return provider.store().map(store -> {
            PushTimer timer = PushTimer.onOwnThread("scrimp-seed-push");
            Time time = new Time(Clock.systemUTC(), RandomGenerator.getDefault(), timer);
            SeedPublisher publisher = new SeedPublisher(provider, store, own, plan, listener, time);
            publisher.start();
            return publisher;
        });
    }

    void start() {
        time.timer().after(Duration.ZERO, () -> push(1));
    }

    /** Where it stands now. */
    public PublisherStatus status() {
        return status;
    }

    private void push(int attempt) {
        if (closed) {
            return;
        }
        try {
            Seed seed = own.get();
            SeedSnapshot found = readOrReplace();
            store.write(found.seeds().merge(seed, time.clock().instant(), plan.pruneAfter()), found.version());
            written = seed;
            boolean steady = attempt == 1
                    && failuresInARow == 0
                    && !unseen
                    && status.lastSuccess().isPresent();
            if (!unseen) {
                succeeded(seed);
            }
            if (steady) {
                time.timer().after(nextPeriod(), () -> push(1));
            } else {
                time.timer().after(shortPause(), () -> check(seed));
            }
        } catch (SeedConflictException e) {
            tell(PushResult.CONFLICT);
            if (attempt >= MAX_ATTEMPTS) {
                failed("others write to " + provider.location() + " all the time");
                return;
            }
            int pause = time.random().nextInt(1, CONFLICT_BACKOFF_MILLIS * attempt + 1);
            time.timer().after(Duration.ofMillis(pause), () -> push(attempt + 1));
        } catch (SeedException e) {
            failed(String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            // A provider that breaks its contract, or lacks a class, must not end the publisher.
            log.debug("seed provider {} threw", provider.type(), e);
            failed("provider " + provider.type() + " failed unexpectedly: " + e);
        }
    }

    /** Pushes again at once if the own entry is gone, but not for ever; else goes on to the next period. */
    private void check(Seed seed) {
        if (closed) {
            return;
        }
        boolean wiped;
        try {
            wiped = store.read().seeds().seeds().stream().noneMatch(seed::sameMember);
        } catch (Throwable e) {
            // The next push will meet the same trouble, and report it.
            time.timer().after(nextPeriod(), () -> push(1));
            return;
        }
        if (wiped && !unseen && repeats < MAX_REPEATS) {
            repeats++;
            // The second attempt, so that this push is looked at again, too.
            time.timer().after(Duration.ZERO, () -> push(2));
            return;
        }
        repeats = 0;
        if (wiped) {
            notSeen(seed);
        } else if (unseen) {
            seen(seed);
        }
        time.timer().after(nextPeriod(), () -> push(1));
    }

    private void notSeen(Seed seed) {
        String message = seed.hostPort() + " was written to " + provider.location()
                + " but is not there when it is read: look for a cache in front of it, or a store that drops writes";
        status = new PublisherStatus(status.lastSuccess(), Optional.of(message));
        if (!unseen) {
            unseen = true;
            log.warn("{}; trying again every push-period", message);
        }
        tell(PushResult.FAILED);
    }

    private void seen(Seed seed) {
        unseen = false;
        // Whatever failed meanwhile is over with it: one line is enough.
        failuresInARow = 0;
        log.info("{} is seen at {} again", seed.hostPort(), provider.location());
        succeeded(seed);
    }

    private Duration shortPause() {
        return CHECK_AFTER.plusMillis(time.random().nextInt((int) CHECK_AFTER.toMillis()));
    }

    /** What is stored, or an empty set under the version of the corrupt object, so that this push replaces it. */
    private SeedSnapshot readOrReplace() throws SeedException {
        try {
            SeedSnapshot found = store.read();
            corruptionLogged = false;
            return found;
        } catch (SeedCorruptException e) {
            if (!corruptionLogged) {
                corruptionLogged = true;
                log.warn("{}", e.getMessage());
            }
            return new SeedSnapshot(SeedSet.empty(), e.version());
        }
    }

    private void succeeded(Seed seed) {
        boolean first = status.lastSuccess().isEmpty();
        status = new PublisherStatus(Optional.of(time.clock().instant()), Optional.empty());
        if (first) {
            log.info("published {} at {}", seed.hostPort(), provider.location());
        } else if (failuresInARow > 0) {
            log.info("{} can be written again: published {}", provider.location(), seed.hostPort());
        }
        failuresInARow = 0;
        tell(PushResult.OK);
    }

    private void failed(String message) {
        if (closed) {
            return;
        }
        status = new PublisherStatus(status.lastSuccess(), Optional.of(message));
        if (failuresInARow == 0) {
            log.warn("this load balancer's address could not be published, trying again: {}", message);
        }
        Duration doubled = FIRST_RETRY.multipliedBy(1L << Math.min(failuresInARow, MAX_DOUBLINGS));
        failuresInARow++;
        tell(PushResult.FAILED);
        Duration pause = doubled.compareTo(plan.period()) < 0 ? doubled : nextPeriod();
        time.timer().after(pause, () -> push(1));
    }

    private Duration nextPeriod() {
        long jitterMillis = plan.jitter().toMillis();
        long shift = jitterMillis == 0 ? 0 : time.random().nextLong(-jitterMillis, jitterMillis + 1);
        return plan.period()
                .plusMillis(Math.max(shift, FIRST_RETRY.minus(plan.period()).toMillis()));
    }

    private void tell(PushResult result) {
        try {
            listener.pushed(provider.type(), result);
        } catch (RuntimeException e) {
            log.debug("a push listener threw", e);
        }
    }

    /**
     * Takes the own entry out of the store, for a clean shutdown, and publishes no more. Waits for
     * {@link #WITHDRAW_LIMIT} at most; whatever is not done then is left to the others' pruning.
     *
     * @return whether the entry is gone
     */
    public boolean withdraw() {
        closed = true;
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        time.timer().after(Duration.ZERO, () -> withdraw(1, gone));
        try {
            return gone.get(WITHDRAW_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } finally {
            close();
        }
    }

    private void withdraw(int attempt, CompletableFuture<Boolean> gone) {
        Seed seed = written;
        if (seed == null) {
            gone.complete(true);
            return;
        }
        try {
            SeedSnapshot found = store.read();
            store.write(found.seeds().without(seed), found.version());
            gone.complete(true);
        } catch (SeedConflictException e) {
            if (attempt >= MAX_ATTEMPTS) {
                gone.complete(false);
                return;
            }
            int pause = time.random().nextInt(1, CONFLICT_BACKOFF_MILLIS + 1);
            time.timer().after(Duration.ofMillis(pause), () -> withdraw(attempt + 1, gone));
        } catch (Throwable e) {
            log.debug("own seed not withdrawn from {}", provider.location(), e);
            gone.complete(false);
        }
    }

    /** Stops; a push that runs is interrupted. The provider stays open, since it is not ours. */
    @Override
    public void close() {
        closed = true;
        time.timer().close();
    }
}
