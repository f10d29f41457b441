package io.scrimplb.membership.transport;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the connections that have not proved themselves. When there are too many, one gives way to the newest: of the
 * source that has most of them, the oldest of those that got least far. So a flood pushes out itself: whoever proves
 * itself within the time that it takes to fill the room anew gets in, and a source cannot crowd out the others.
 *
 * <p>The idea is that of OpenSSH's MaxStartups, sshd_config(5), with the choice by source and progress instead of by
 * chance. Not thread-safe.
 *
 * @param <C> a connection
 */
final class Admission<C> {
    /** How far a newcomer got. */
    enum Stage {
        /** Said nothing yet. */
        SILENT,
        /** Began its handshake. */
        SHAKING,
        /** Finished its handshake, so it has a certificate where the cluster has a secret. */
        PROVED
    }

    private record Source(Object prefix) {}

    private static final int IPV4_BYTES = 4;
    /** Bytes of an IPv6 address that one customer gets as a rule (RFC 6177, 2). */
    private static final int IPV6_PREFIX_BYTES = 8;

    private final int limit;
    private final Map<C, Source> sources = new HashMap<>();
    private final Map<Source, EnumMap<Stage, Deque<C>>> waiting = new HashMap<>();

    /**
     * @param limit newcomers at a time
     */
    Admission(int limit) {
        this.limit = limit;
    }

    /** Lets a newcomer wait. The one that has to go for it, or null. */
    @Nullable
    C enter(C newcomer, InetAddress from) {
        C victim = sources.size() >= limit ? victim() : null;
        if (victim != null) {
            leave(victim);
        }
        Source source = new Source(prefix(from));
        sources.put(newcomer, source);
        waiting.computeIfAbsent(source, s -> new EnumMap<>(Stage.class))
                .computeIfAbsent(Stage.SILENT, s -> new ArrayDeque<>())
                .add(newcomer);
        return victim;
    }

    /** A newcomer got further. */
    void advance(C newcomer, Stage from, Stage to) {
        Source source = sources.get(newcomer);
        EnumMap<Stage, Deque<C>> stages = source == null ? null : waiting.get(source);
        if (stages == null) {
            return;
        }
        Deque<C> before = stages.get(from);
        if (before != null && before.remove(newcomer)) {
            stages.computeIfAbsent(to, s -> new ArrayDeque<>()).add(newcomer);
        }
    }

    /** A newcomer proved itself or went away. */
    void leave(C newcomer) {
        Source source = sources.remove(newcomer);
        EnumMap<Stage, Deque<C>> stages = source == null ? null : waiting.get(source);
        if (stages == null) {
            return;
        }
        for (Deque<C> stage : stages.values()) {
            if (stage.remove(newcomer)) {
                break;
            }
        }
        if (count(stages) == 0) {
            waiting.remove(source);
        }
    }

    int size() {
        return sources.size();
    }

    private @Nullable C victim() {
        EnumMap<Stage, Deque<C>> fullest = null;
        for (EnumMap<Stage, Deque<C>> stages : waiting.values()) {
            if (fullest == null || count(stages) > count(fullest)) {
                fullest = stages;
            }
        }
        if (fullest == null) {
            return null;
        }
        for (Stage stage : Stage.values()) {
            Deque<C> deque = fullest.get(stage);
            Iterator<C> oldest = deque == null ? null : deque.iterator();
            if (oldest != null && oldest.hasNext()) {
                return oldest.next();
            }
        }
        return null;
    }

    private static int count(EnumMap<?, ? extends Deque<?>> stages) {
        int count = 0;
        for (Deque<?> stage : stages.values()) {
            count += stage.size();
        }
        return count;
    }

    private static Object prefix(InetAddress from) {
        byte[] bytes = from.getAddress();
        if (bytes.length == IPV4_BYTES) {
            return from;
        }
        long prefix = 0;
        for (int i = 0; i < IPV6_PREFIX_BYTES; i++) {
            prefix = prefix << Byte.SIZE | bytes[i] & 0xff;
        }
        return prefix;
    }
}
