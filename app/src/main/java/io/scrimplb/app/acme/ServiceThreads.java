package io.scrimplb.app.acme;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service's thread, on which all is decided and nothing blocks, and those for what does. What comes after the end is of no
 * use to anybody, and is dropped. Thread-safe.
 */
final class ServiceThreads {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceThreads.class);
    private static final long IDLE_SECONDS = 30;
    /** For orders that were stopped, to hand over what they have: a certificate that is signed is not to be lost. */
    private static final long LAST_BREATH_MILLIS = 500;

    private static final long END_MILLIS = 2_000;

    private final ScheduledThreadPoolExecutor turn;
    private final ThreadPoolExecutor pool;

    /** @param blocking at a time; more wait */
    ServiceThreads(int blocking) {
        turn = new ScheduledThreadPoolExecutor(
                1, task -> daemon(task, "scrimp-acme"), new ThreadPoolExecutor.DiscardPolicy());
        pool = new ThreadPoolExecutor(
                blocking,
                blocking,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, "scrimp-acme-order"),
                new ThreadPoolExecutor.DiscardPolicy());
        pool.allowCoreThreadTimeOut(true);
    }

    /** The service's thread. */
    ScheduledExecutorService turn() {
        return turn;
    }

    /** For what blocks. */
    ExecutorService pool() {
        return pool;
    }

    /** Runs something on the service's thread. */
    void hand(Runnable task) {
        turn.execute(() -> guarded(task));
    }

    /** Runs something there again and again, from now on. */
    void every(Duration pause, Runnable task) {
        turn.scheduleWithFixedDelay(() -> guarded(task), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A fault in one event must not keep others from being worked off. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("an event of the automatic certificates failed; please report this", e);
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread created = new Thread(task, name);
        created.setDaemon(true);
        return created;
    }

    /**
     * Ends them, within some seconds. Idempotent.
     *
     * @param stop stops what blocks; runs on the service's thread
     * @param last runs there once that has ended, and handed over what it had
     */
    void close(Runnable stop, Runnable last) {
        hand(stop);
        pool.shutdown();
        await(pool, LAST_BREATH_MILLIS);
        pool.shutdownNow();
        hand(last);
        turn.shutdown();
        await(turn, END_MILLIS);
    }

    private static void await(ExecutorService ending, long millis) {
        try {
            ending.awaitTermination(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
