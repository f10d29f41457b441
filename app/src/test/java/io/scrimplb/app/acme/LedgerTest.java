package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.scrimplb.app.certificates.EcKeys;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Budgets and pauses under a virtual clock. */
class LedgerTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String HOST = "shop.example.com";

    private Instant now = START;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 42})
    void neverMoreThanFiveFailuresOfANameWithinAnHourWhateverHappens(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Ledger ledger = new Ledger();
        List<Instant> failures = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            now = now.plusSeconds(random.nextInt(300));
            if (random.nextInt(50) == 0) {
                ledger = restarted(ledger);
            }
            if (ledger.nextAttempt(HOST, now).isAfter(now)) {
                continue;
            }
            ledger.ordered(HOST, "https://authority.example/order/" + step, now);
            if (random.nextInt(4) == 0) {
                // A success takes the pause away, and what the authority counted stays counted.
                ledger.succeeded(HOST, Duration.ZERO, now);
            } else {
                ledger.failed(HOST, Failure.authority("no"), false, now, random.nextDouble());
                failures.add(now);
            }
        }
        assertThat(failures).hasSizeGreaterThan(20);
        for (int i = NameRecord.MAX_FAILURES; i < failures.size(); i++) {
            assertThat(Duration.between(failures.get(i - NameRecord.MAX_FAILURES), failures.get(i)))
                    .as("seed %s: failure %s to the sixth after it", seed, i)
                    .isGreaterThanOrEqualTo(Duration.ofHours(1));
        }
    }

    @Test
    void afterASuccessANameRestsForATenthOfTheCertificatesLifeAndADayAtMost() {
        Ledger ledger = new Ledger();
        ledger.succeeded(HOST, Duration.ofHours(10), now);
        ledger.succeeded("other.example.com", Duration.ofDays(90), now);

        assertThat(ledger.nextAttempt(HOST, now)).isEqualTo(now.plus(Duration.ofHours(1)));
        assertThat(ledger.nextAttempt("other.example.com", now)).isEqualTo(now.plus(Duration.ofDays(1)));
    }

    @Test
    void anAuthorityThatFailsForAllIsAskedByOneNameAtATimeAndAnErrorOfOneNameEndsThat() {
        Ledger ledger = new Ledger();
        List<Long> minutes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            // Several were under way, and count once.
            for (int j = 0; j < 4; j++) {
                Failure failure = Failure.authority("rateLimited").forAll();
                ledger.failed("h" + (4 * i + j) + ".example.com", failure, false, now, 0);
            }
            Instant next = ledger.nextAttempt("never-tried.example.com", now);
            minutes.add(Duration.between(now, next).toMinutes());
            now = next;
        }
        assertThat(minutes).containsExactly(1L, 2L, 4L, 8L);

        ledger.failed(HOST, Failure.authority("its own"), false, now, 0);
        ledger.failed(HOST, Failure.local("the network is down").forAll(), false, now, 0);

        assertThat(ledger.nextAttempt("never-tried.example.com", now)).isEqualTo(now.plusSeconds(15));
    }

    @Test
    void lostAccountsAreKeptAndToldAndBounded() throws Exception {
        Ledger ledger = new Ledger();
        List<Account> accounts = new ArrayList<>();
        for (int i = 0; i < ForAll.MAX_LOST_ACCOUNTS + 1; i++) {
            Account account =
                    new Account(URI.create("https://authority.example/" + i).toURL(), EcKeys.generate(), START);
            accounts.add(account);
            ledger.lost(account);
        }
        Ledger same = restarted(ledger);

        assertThat(same.all()).isEqualTo(ledger.all());
        assertThat(same.isLost(accounts.get(0))).isFalse();
        assertThat(accounts.subList(1, accounts.size())).allMatch(same::isLost);
    }

    @Test
    void pausesGrowToHours() {
        Ledger ledger = new Ledger();
        List<Long> minutes = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            ledger.failed(HOST, Failure.authority("no"), false, now, 0);
            Instant next = ledger.nextAttempt(HOST, now);
            minutes.add(Duration.between(now, next).toMinutes());
            now = next;
        }
        assertThat(minutes).startsWith(1L, 2L, 4L, 8L).endsWith(128L, 180L, 180L, 180L, 180L);
    }

    @Test
    void whatCostsNoAuthorityAnythingIsTriedAgainSoonAndIsNotCounted() {
        Ledger ledger = new Ledger();
        for (int i = 0; i < 20; i++) {
            ledger.failed(HOST, Failure.local("no address in DNS"), false, now, 0.99);
            Instant next = ledger.nextAttempt(HOST, now);
            assertThat(Duration.between(now, next)).isBetween(Duration.ofSeconds(15), Duration.ofMinutes(13));
            now = next;
        }
        assertThat(ledger.name(HOST).failures()).isEmpty();
    }

    @Test
    void theFirstRefusalsPauseIsAMinuteWhateverFailedBeforeTheAuthorityWasAsked() throws Exception {
        Ledger ledger = new Ledger();
        for (int i = 0; i < 8; i++) {
            ledger.failed(HOST, Failure.local("the network is down").forAll(), false, now, 0);
            now = ledger.nextAttempt(HOST, now);
        }
        List<Long> minutes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ledger.failed(HOST, Failure.authority("overloaded").forAll(), false, now, 0);
            ledger = restarted(ledger);
            Instant next = ledger.nextAttempt("never-tried.example.com", now);
            assertThat(ledger.nextAttempt(HOST, now)).isEqualTo(next);
            minutes.add(Duration.between(now, next).toMinutes());
            now = next;
        }
        assertThat(minutes).containsExactly(1L, 2L, 4L);
    }

    @Test
    void theAuthoritysOwnWordAboutWhenToComeBackCounts() {
        Ledger ledger = new Ledger();
        Instant until = now.plus(Duration.ofHours(30));

        ledger.failed(HOST, new Failure(Failure.Kind.AUTHORITY, "rateLimited", Optional.of(until)), false, now, 0);

        assertThat(ledger.nextAttempt(HOST, now)).isEqualTo(until);
        assertThat(ledger.nextAttempt("other.example.com", now)).isEqualTo(now);
    }

    @Test
    void noMoreOrdersInThreeHoursThanTheBudgetHasAndAnOrderThatIsUnderWayCostsNone() {
        Ledger ledger = new Ledger();
        for (int i = 0; i < Ledger.MAX_ORDERS; i++) {
            ledger.ordered("h" + i + ".example.com", "https://authority.example/" + i, now);
        }

        assertThat(ledger.nextAttempt(HOST, now)).isEqualTo(START.plus(Ledger.ORDERS_COUNTED));
        assertThat(ledger.nextAttempt("h1.example.com", now)).isEqualTo(now);
        now = now.plus(Ledger.ORDERS_COUNTED).plusSeconds(1);
        assertThat(ledger.nextAttempt(HOST, now)).isEqualTo(now);
    }

    @Test
    void aRestartAndAnotherLoadBalancerKnowTheSame() throws Exception {
        Ledger ledger = new Ledger();
        ledger.ordered(HOST, "https://authority.example/7", now);
        ledger.failed(HOST, Failure.authority("says no\nand more"), true, now, 0.5);
        ledger.suggested(HOST, new RenewalTime.Window(START, START.plusSeconds(9)), now);

        Ledger same = restarted(ledger);

        assertThat(same.names()).isEqualTo(ledger.names());
        assertThat(same.orders()).isEqualTo(ledger.orders());
        assertThat(same.name(HOST).cause()).isEqualTo("says no and more");
        assertThat(same.name(HOST).order()).contains("https://authority.example/7");
    }

    @Test
    void failuresOnTwoSidesOfAPartitionAddUp() {
        Ledger one = new Ledger();
        Ledger other = new Ledger();
        for (int i = 0; i < 3; i++) {
            one.failed(HOST, Failure.authority("one"), false, now.plusSeconds(i), 0);
            other.failed(HOST, Failure.authority("other"), false, now.plusSeconds(10 + i), 0);
        }
        now = now.plusSeconds(20);

        one.merge(part(other), now);
        other.merge(part(one), now);

        assertThat(one.names()).isEqualTo(other.names());
        assertThat(one.name(HOST).cause()).isEqualTo("other");
        assertThat(one.nextAttempt(HOST, now)).isAfterOrEqualTo(START.plus(Duration.ofHours(1)));
    }

    @Test
    void aClockThatWasWrongBlocksNobody() {
        Ledger ledger = new Ledger();
        NameRecord wrong = new NameRecord(
                now.plus(Duration.ofDays(400)),
                List.of(),
                9,
                9,
                now.plus(Duration.ofDays(400)),
                "x",
                Optional.empty(),
                Optional.empty());

        ledger.merge(
                new LedgerJson.Part(
                        Map.of(HOST, wrong),
                        List.of(now.plus(Duration.ofDays(400))),
                        new ForAll(now.plus(Duration.ofDays(400)), 3, 3, List.of())),
                now);

        assertThat(ledger.nextAttempt(HOST, now)).isEqualTo(now);
        assertThat(ledger.orders()).isEmpty();
    }

    @Test
    void whatNobodyWantsIsForgotten() {
        Ledger ledger = new Ledger();
        ledger.failed(HOST, Failure.authority("no"), false, now, 0);

        ledger.tidy(Set.of(HOST), now.plus(Duration.ofDays(31)));
        assertThat(ledger.names()).containsKey(HOST);
        ledger.tidy(Set.of(), now.plus(Duration.ofDays(31)));
        assertThat(ledger.names()).isEmpty();
    }

    private Ledger restarted(Ledger ledger) throws Exception {
        LedgerJson.Part part = LedgerJson.read(
                new JsonMapper().readTree(LedgerJson.write(ledger).toString()));
        Ledger fresh = new Ledger();
        fresh.merge(part, now);
        return fresh;
    }

    private static LedgerJson.Part part(Ledger ledger) {
        return new LedgerJson.Part(ledger.names(), ledger.orders(), ledger.all());
    }
}
