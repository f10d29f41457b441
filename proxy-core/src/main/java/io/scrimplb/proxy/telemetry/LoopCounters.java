package io.scrimplb.proxy.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A row of counters, striped by event loop: each loop adds to its own stripe without contention, a reader sums the
 * stripes. Sums are exact once the loops are quiet and may lag by an addition in progress otherwise.
 */
public final class LoopCounters {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    /** A stripe starts on a cache line of its own: 16 longs are 128 bytes, two lines, for the adjacent-line prefetch. */
    private static final int STRIPE_ALIGNMENT = 16;

    private final long[] cells;
    private final int stripe;
    private final int loops;

    /**
     * @param loops number of event loops, at least 1
     * @param size counters in the row, at least 1
     */
    public LoopCounters(int loops, int size) {
        this.loops = loops;
        this.stripe = (size + STRIPE_ALIGNMENT - 1) / STRIPE_ALIGNMENT * STRIPE_ALIGNMENT;
        this.cells = new long[stripe * loops];
    }

    /** Adds to one counter. Only ever called on the event loop with that index. */
    public void add(int loop, int counter, long amount) {
        int cell = loop * stripe + counter;
        CELL.setOpaque(cells, cell, cells[cell] + amount);
    }

    /** The sum over all loops. Any thread. */
    public long sum(int counter) {
        long sum = 0;
        for (int loop = 0; loop < loops; loop++) {
            sum += (long) CELL.getOpaque(cells, loop * stripe + counter);
        }
        return sum;
    }
}
