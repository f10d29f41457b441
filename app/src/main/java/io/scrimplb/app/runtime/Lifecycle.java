package io.scrimplb.app.runtime;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** Blocks until a signal came and the role has ended. Call once in a process, before the role is started. */
    public static Lifecycle install() {
        Lifecycle lifecycle = new Lifecycle();
        lifecycle.handle("TERM", lifecycle::end);
        lifecycle.handle("INT", lifecycle::end);
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

    /** Waits for the signal, then drains and closes. */
    public void await(Process role) {
        handle("HUP", () -> {
            Thread reloading = new Thread(role::reload, "scrimp-reload");
            reloading.setDaemon(true);
            reloading.start();
        });
        try {
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        role.drain();
        role.close();
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
