package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** When to order, and in which order; a year under a virtual clock. */
class PlanTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void renewalsComeFirstTheMostOverdueBeforeTheRestThenThoseWithoutACertificate() {
        Map<String, Instant> renewals = Map.of(
                "b.example.com", START.minusSeconds(10),
                "c.example.com", START.minusSeconds(500),
                "d.example.com", START.plusSeconds(60));

        List<String> due = Plan.due(
                List.of("a.example.com", "b.example.com", "c.example.com", "d.example.com", "e.example.com"),
                renewals,
                new Ledger(),
                Set.of("e.example.com"),
                START);

        assertThat(due).containsExactly("c.example.com", "b.example.com", "a.example.com");
    }

    @Test
    void aFailureWaitsAndNothingIsDueForWhatIsNotWanted() {
        Ledger ledger = new Ledger();
        ledger.failed("a.example.com", Failure.authority("no"), false, START, 0);

        List<String> due =
                Plan.due(Set.of("a.example.com"), Map.of("x.example.com", Instant.EPOCH), ledger, Set.of(), START);

        assertThat(due).isEmpty();
    }

    @Test
    void overAYearEveryCertificateIsRenewedInTimeAndNoMoreOftenThanNeeded() {
        SplittableRandom random = new SplittableRandom(20260101);
        List<String> hosts = List.of("a.example.com", "b.example.com", "c.example.com");
        Ledger ledger = new Ledger();
        Map<String, Instant> from = new HashMap<>();
        Map<String, Double> chances = new HashMap<>();
        int orders = 0;
        Duration lifetime = Duration.ofDays(90);
        Instant now = START;
        while (now.isBefore(START.plus(Duration.ofDays(365)))) {
            Map<String, Instant> renewals = new HashMap<>();
            from.forEach((host, start) -> renewals.put(
                    host,
                    RenewalTime.of(
                            start, start.plus(lifetime), ledger.name(host).window(), chances.get(host))));
            for (String host : Plan.due(hosts, renewals, ledger, Set.of(), now)) {
                if (from.containsKey(host)) {
                    assertThat(now).as(host).isBefore(from.get(host).plus(lifetime));
                }
                ledger.ordered(host, "https://authority.example/" + orders, now);
                if (random.nextInt(3) == 0) {
                    ledger.failed(host, Failure.authority("no"), false, now, random.nextDouble());
                } else {
                    ledger.succeeded(host, lifetime, now);
                    from.put(host, now);
                    chances.put(host, random.nextDouble());
                    orders++;
                }
            }
            now = now.plus(Duration.ofMinutes(30));
        }
        // Every sixty days and a bit: the first, and five renewals or six of each.
        assertThat(orders).isBetween(3 * 6, 3 * 7);
    }
}
