package io.scrimplb.app.acme;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the one who orders does now, and when there is something to do next.
 *
 * @param due hosts to order for, the most urgent first
 * @param next when to look again if nothing else happens; empty when never
 */
record Plan(List<String> due, Optional<Instant> next) {
    Plan {
        due = List.copyOf(due);
    }

    /**
     * @param wanted hosts that shall have a certificate
     * @param renewals when the certificate of each host that has one is to be renewed
     * @param running hosts whose order is under way here
     */
    static Plan of(
            Collection<String> wanted, Map<String, Instant> renewals, Ledger ledger, Set<String> running, Instant now) {
        List<String> due = new ArrayList<>();
        Instant next = null;
        for (String host : wanted) {
            if (running.contains(host)) {
                continue;
            }
            Instant renewal = renewals.getOrDefault(host, Instant.EPOCH);
            Instant allowed = ledger.nextAttempt(host, now);
            Instant at = renewal.isAfter(allowed) ? renewal : allowed;
            if (at.isAfter(now)) {
                next = earlier(next, at);
            } else {
                due.add(host);
            }
        }
        // What serves shall go on serving, however many names are new: renewals first, and of them the longest overdue.
        due.sort(Comparator.comparing((String host) -> renewals.getOrDefault(host, Instant.MAX))
                .thenComparing(Comparator.naturalOrder()));
        return new Plan(due, Optional.ofNullable(next));
    }

    private static Instant earlier(@Nullable Instant one, Instant other) {
        return one == null || other.isBefore(one) ? other : one;
    }
}
