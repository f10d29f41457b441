package io.scrimplb.membership.bench;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What every member sees, put together from what the processes tell. Thread-safe. */
final class Sight {
    private static final class Seen {
        private String coordinator = "";
        private final Set<String> names = new HashSet<>();
        private long changedNanos;
        private int changes;
    }

    private final Map<String, Seen> observers = new HashMap<>();
    private long firstNanos;

    synchronized void told(String[] view) {
        Seen seen = observers.computeIfAbsent(view[2], name -> new Seen());
        seen.changes++;
        seen.changedNanos = Long.parseLong(view[1]);
        firstNanos = firstNanos == 0 ? seen.changedNanos : Math.min(firstNanos, seen.changedNanos);
        seen.coordinator = view[3];
        for (int i = 4; i < view.length; i++) {
            String name = view[i].substring(1);
            if (view[i].charAt(0) == '+') {
                seen.names.add(name);
            } else {
                seen.names.remove(name);
            }
        }
        notifyAll();
    }

    /** When the first of all members saw its first view: when the cluster was founded. */
    synchronized long firstNanos() {
        return firstNanos;
    }

    /** How many different views a member saw. */
    synchronized int changes(String observer) {
        return observers.get(observer).changes;
    }

    /** Nobody asks any longer what a member sees that is gone. */
    synchronized void forget(String observer) {
        observers.remove(observer);
    }

    /**
     * Waits until each of the members sees exactly all of them, and agrees on who leads.
     *
     * @param leader demands who leads
     * @return when the last of them came to see it, {@link System#nanoTime}
     */
    synchronized long awaitOneView(Collection<String> members, Predicate<String> leader, long seconds) {
        Set<String> wanted = new HashSet<>(members);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            long last = 0;
            Set<String> leaders = new HashSet<>();
            boolean one = true;
            for (String name : members) {
                Seen seen = observers.get(name);
                one &= seen != null && seen.names.equals(wanted);
                if (one) {
                    leaders.add(seen.coordinator);
                    last = Math.max(last, seen.changedNanos);
                }
            }
            if (one && leaders.size() == 1 && leader.test(leaders.iterator().next())) {
                return last;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new IllegalStateException(
                        "no one view of " + wanted.size() + " members within " + seconds + " s; " + describe(members));
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    /** Who leads, as this member sees it. */
    synchronized String coordinator(String observer) {
        return observers.get(observer).coordinator;
    }

    private String describe(Collection<String> members) {
        Map<String, Set<String>> kinds = new TreeMap<>();
        for (String name : members) {
            Seen seen = observers.get(name);
            String what = seen == null
                    ? "nothing"
                    : seen.names.size() + " led by " + seen.coordinator + ", not among them "
                            + members.stream()
                                    .filter(m -> !seen.names.contains(m))
                                    .limit(5)
                                    .toList();
            kinds.computeIfAbsent(what, w -> new TreeSet<>()).add(name);
        }
        return kinds.toString();
    }
}
