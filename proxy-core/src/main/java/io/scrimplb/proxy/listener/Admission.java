package io.scrimplb.proxy.listener;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts client connections over all listeners against their limit. Any thread. */
public final class Admission {
    private final AtomicInteger open = new AtomicInteger();

    /** Takes a place; false when there is none. */
    boolean enter(int limit) {
        if (open.incrementAndGet() <= limit) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    void leave() {
        open.decrementAndGet();
    }

    /** Client connections open now. */
    public int open() {
        return open.get();
    }
}
