package io.scrimplb.app.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was ordered and what failed, and with it when something may be ordered next. It outlives restarts and is the same on all
 * load balancers, so that neither a restart nor a new leader spends an authority's patience anew. Not thread-safe; free of I/O
 * and of the clock.
 */
final class Ledger {
    /** Let's Encrypt allows 300 new orders of an account in three hours; the rest is left for the operator's own. */
    static final int MAX_ORDERS = 250;

    static final Duration ORDERS_COUNTED = Duration.ofHours(3);

    /** Pause after the first failure at the authority; doubled each time up to the longest. */
    private static final Duration AUTHORITY_PAUSE = Duration.ofMinutes(1);

    /** After a success: an authority that signs what is no better than before is not asked in a circle. */
    private static final Duration LONGEST_REST = Duration.ofDays(1);

    private static final Duration LONGEST_AUTHORITY_PAUSE = Duration.ofHours(3);
    /** The longest pause with what chance adds, and some for clocks that differ. */
    private static final Duration LONGEST_ALL_PAUSE = LONGEST_AUTHORITY_PAUSE.plusHours(1);
    /** After one that costs no authority anything; somebody may be mending the name server just now. */
    private static final Duration LOCAL_PAUSE = Duration.ofSeconds(15);

    private static final Duration LONGEST_LOCAL_PAUSE = Duration.ofMinutes(10);
    /** Part that chance adds to a pause, at most. */
    private static final double JITTER = 0.25;
    /** A word from further in the future was written by a clock that was wrong. */
    private static final Duration FUTURE = Duration.ofDays(8);
    /** A name that nobody wanted for so long is forgotten. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private final SortedMap<String, NameRecord> names = new TreeMap<>();
    private final TreeSet<Instant> orders = new TreeSet<>();

    private ForAll all = ForAll.NONE;

    /** What is not of one name. */
    ForAll all() {
        return all;
    }

    /** The authority does not know an account any more. */
    void lost(Account account) {
        all = all.lost(account.shortName());
    }

    boolean isLost(Account account) {
        return all.lostAccounts().contains(account.shortName());
    }

    NameRecord name(String host) {
        return names.getOrDefault(host, NameRecord.NEW);
    }

    /** All that is known, by name. */
    Map<String, NameRecord> names() {
        return new TreeMap<>(names);
    }

    /** When orders were made, those that still count. */
    List<Instant> orders() {
        return List.copyOf(orders);
    }

    /** When a name may be ordered next; not after {@code now} when it may be at once. */
    Instant nextAttempt(String host, Instant now) {
        Instant byName = name(host).nextAttempt();
        if (byName.isAfter(now.plus(FUTURE))) {
            byName = now;
        }
        // An order that is under way costs no new one.
        Instant byAll = name(host).order().isPresent() ? now : nextOrder(now);
        Instant at = byAll.isAfter(byName) ? byAll : byName;
        return all.notBefore().isAfter(at) ? all.notBefore() : at;
    }

    private Instant nextOrder(Instant now) {
        forgetOrders(now);
        if (orders.size() < MAX_ORDERS) {
            return now;
        }
        return new ArrayList<>(orders).get(orders.size() - MAX_ORDERS).plus(ORDERS_COUNTED);
    }

    /** An order was made. */
    void ordered(String host, String orderUrl, Instant now) {
        Instant at = now;
        while (!orders.add(at)) {
            at = at.plusMillis(1);
        }
        names.put(host, name(host).begun(orderUrl, now));
    }

    /**
     * @param orderLives whether the order that is under way can be taken up again
     * @param chance 0 to below 1
     */
    void failed(String host, Failure failure, boolean orderLives, Instant now, double chance) {
        NameRecord before = name(host);
        Instant next = now.plus(pause(failure.kind(), before.streak(), before.refusals(), chance));
        if (failure.notBefore().filter(next::isBefore).isPresent()) {
            Instant asked = failure.notBefore().get();
            Instant latest = now.plus(FUTURE);
            next = asked.isAfter(latest) ? latest : asked;
        }
        names.put(host, before.failed(failure, next, now, orderLives));
        if (!failure.ofAll()) {
            all = all.passed();
        } else if (!all.notBefore().isAfter(now)) {
            // Others that were under way at the same time say the same again, and count once. An authority's own word
            // may be
            // about one name, and is not taken for all of them: each further failure doubles the pause.
            Instant until = now.plus(pause(failure.kind(), all.streak(), all.refusals(), chance));
            Instant asked = failure.notBefore().orElse(until);
            all = all.paused(failure.kind(), asked.isBefore(until) && asked.isAfter(now) ? asked : until);
        }
    }

    /** @param lifetime of the certificate that came; the name is not ordered again within a tenth of it, or a day */
    void succeeded(String host, Duration lifetime, Instant now) {
        Duration tenth = lifetime.dividedBy(10);
        names.put(host, name(host).succeeded(now.plus(tenth.compareTo(LONGEST_REST) < 0 ? tenth : LONGEST_REST), now));
        all = all.passed();
    }

    void suggested(String host, RenewalTime.Window window, Instant now) {
        names.put(host, name(host).suggested(window, now));
    }

    /**
     * Takes in what another load balancer, or the disk, knows.
     *
     * @return whether anything was news
     */
    boolean merge(LedgerJson.Part other, Instant now) {
        ForAll together = all.merged(other.all(), now.plus(LONGEST_ALL_PAUSE));
        boolean news = !together.equals(all);
        all = together;
        for (Map.Entry<String, NameRecord> entry : other.names().entrySet()) {
            NameRecord before = names.get(entry.getKey());
            if (before == null && names.size() >= Wanted.MAX_HOSTS) {
                continue;
            }
            NameRecord after = before == null ? entry.getValue() : before.merged(entry.getValue());
            if (!after.equals(before) && !after.updated().isAfter(now.plus(FUTURE))) {
                names.put(entry.getKey(), after);
                news = true;
            }
        }
        for (Instant at : other.orders()) {
            if (!at.isAfter(now.plus(ORDERS_COUNTED)) && orders.size() < 2 * MAX_ORDERS) {
                news |= orders.add(at);
            }
        }
        forgetOrders(now);
        return news;
    }

    /** Forgets what no longer matters. */
    void tidy(Set<String> wanted, Instant now) {
        forgetOrders(now);
        names.entrySet()
                .removeIf(entry -> !wanted.contains(entry.getKey())
                        && entry.getValue().updated().isBefore(now.minus(REMEMBERED)));
    }

    private void forgetOrders(Instant now) {
        orders.headSet(now.minus(ORDERS_COUNTED), true).clear();
    }

    /**
     * @param streak failures of any kind so far
     * @param refusals the authority's among them: what cost it nothing makes no pause towards it longer
     */
    private static Duration pause(Failure.Kind kind, int streak, int refusals, double chance) {
        boolean authority = kind == Failure.Kind.AUTHORITY;
        Duration first = authority ? AUTHORITY_PAUSE : LOCAL_PAUSE;
        Duration longest = authority ? LONGEST_AUTHORITY_PAUSE : LONGEST_LOCAL_PAUSE;
        int before = authority ? refusals : streak;
        long millis = Math.min(longest.toMillis(), first.toMillis() << Math.min(before, 16));
        return Duration.ofMillis(Math.round(millis * (1 + JITTER * chance)));
    }
}
