package io.scrimplb.app.runtime;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** Runs a role until TERM or INT, which drain it; a second one ends it at once. HUP reloads. */
public final class Lifecycle {
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    /** The exit code of a process that was told twice to end: 128 and the number of TERM, as shells count. */
    private static final int FORCED = 143;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile @Nullable RunningRole running;

    /** Takes the signals over. Call once in a process, before the role is started: a signal may come while it starts. */
    public static Lifecycle install() {
        Lifecycle lifecycle = new Lifecycle();
        lifecycle.handle("TERM", lifecycle::end);
        lifecycle.handle("INT", lifecycle::end);
        lifecycle.handle("HUP", lifecycle::reload);
        return lifecycle;
    }

    private void end() {
        if (ending.compareAndSet(false, true)) {
            asked.countDown();
        } else {
            log.warn("told twice to end: what is in flight is cut");
            Runtime.getRuntime().halt(FORCED);
        }
    }

    /** A role that is still starting reads its configuration anyway, so there is nothing to do for it. */
    private void reload() {
        RunningRole role = running;
        if (role != null) {
            Thread reloading = new Thread(role::reload, "scrimp-reload");
            reloading.setDaemon(true);
            reloading.start();
        }
    }

    /** Waits for the signal, then drains and closes. */
    public void await(RunningRole role) {
        running = role;
        try {
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            role.drain();
        } finally {
            role.close();
        }
        log.info("ended");
    }

    private void handle(String name, Runnable action) {
        try {
            Signal.handle(new Signal(name), signal -> action.run());
        } catch (IllegalArgumentException e) {
            // Not on this system, or the JVM keeps it for itself (-Xrs).
            log.debug("signal {} cannot be handled: {}", name, e.getMessage());
        }
    }
}
