package io.scrimplb.app.acme;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the one who orders does now. Stateless. */
final class Plan {
    private Plan() {}

    /**
     * Hosts to order for, the most urgent first: what serves shall go on serving, however many names are new, so renewals first,
     * and of them the longest overdue.
     *
     * @param wanted hosts that shall have a certificate
     * @param renewals when the certificate of each host that has one is to be renewed
     * @param running hosts whose order is under way here
     */
    static List<String> due(
            Collection<String> wanted, Map<String, Instant> renewals, Ledger ledger, Set<String> running, Instant now) {
        return wanted.stream()
                .filter(host -> !running.contains(host)
                        && !renewals.getOrDefault(host, Instant.EPOCH).isAfter(now)
                        && !ledger.nextAttempt(host, now).isAfter(now))
                .sorted(Comparator.comparing((String host) -> renewals.getOrDefault(host, Instant.MAX))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }
}
