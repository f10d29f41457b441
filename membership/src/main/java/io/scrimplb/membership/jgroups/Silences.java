package io.scrimplb.membership.jgroups;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * For how long others were silent. Time in which this process itself stood still does not count: after a long pause of
 * its own everybody looks silent, and nobody is. {@link #heard} is thread-safe, {@link #look} is for one thread.
 *
 * @param <M> a member
 */
final class Silences<M> {
    private static final class Silence {
        private volatile boolean broken = true;
        /** On the looking thread only. */
        private long nanos;
    }

    /** Of the time-out, the part that counts at most between two looks, which are a tenth apart when all is well. */
    private static final int LONGEST_LOOK = 5;

    private final Map<M, Silence> silences = new ConcurrentHashMap<>();
    private long lookedNanos;

    void heard(M member) {
        Silence silence = silences.get(member);
        if (silence != null) {
            silence.broken = true;
        }
    }

    /**
     * Looks who is silent.
     *
     * @param watched who shall be; the silence of one that is new among them begins now, that of others is forgotten
     * @return those who were silent for as long, or longer
     */
    List<M> look(Collection<M> watched, long timeoutMillis, long nowNanos) {
        long timeoutNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        long passed = Math.min(nowNanos - lookedNanos, timeoutNanos / LONGEST_LOOK);
        lookedNanos = nowNanos;
        silences.keySet().retainAll(watched);
        List<M> silent = new ArrayList<>();
        for (M member : watched) {
            Silence silence = silences.computeIfAbsent(member, m -> new Silence());
            if (silence.broken) {
                silence.broken = false;
                silence.nanos = 0;
            } else {
                silence.nanos += passed;
                if (silence.nanos >= timeoutNanos) {
                    silent.add(member);
                }
            }
        }
        return silent;
    }

    Map<M, ?> watched() {
        return silences;
    }
}
