package io.scrimplb.seed;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs one task after another on one thread; a test brings its own that keeps a virtual clock. */
interface PushTimer extends AutoCloseable {
    /** Runs the task after the delay; does nothing once closed. */
    void after(Duration delay, Runnable task);

    /** Forgets what is scheduled and interrupts what runs. */
    @Override
    void close();

    /** On a daemon thread of its own. */
    static PushTimer onOwnThread(String threadName) {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
        return new PushTimer() {
            @Override
            @SuppressWarnings("FutureReturnValueIgnored") // The tasks report for themselves.
            public void after(Duration delay, Runnable task) {
                try {
                    executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException e) {
                    // Closed: nothing more is to run.
                }
            }

            @Override
            public void close() {
                executor.shutdownNow();
            }
        };
    }
}
