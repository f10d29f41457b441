package io.scrimplb.seed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that stands still and a timer that runs when the clock is moved. */
final class VirtualTimer extends Clock implements PushTimer {
    private record Entry(Instant at, long order, Runnable task) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparing(Entry::order));
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private long order;
    private boolean closed;

    @Override
    public void after(Duration delay, Runnable task) {
        if (!closed) {
            entries.add(new Entry(now.plus(delay), order++, task));
        }
    }

    @Override
    public void close() {
        closed = true;
        entries.clear();
    }

    void advance(Duration by) {
        Instant end = now.plus(by);
        while (!entries.isEmpty() && !entries.peek().at().isAfter(end)) {
            Entry next = entries.remove();
            now = next.at();
            next.task().run();
        }
        now = end;
    }

    /** How long until the next task. */
    Duration next() {
        return Duration.between(now, entries.element().at());
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
