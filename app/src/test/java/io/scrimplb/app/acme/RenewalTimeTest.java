package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RenewalTimeTest {
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant UNTIL = FROM.plus(Duration.ofDays(90));

    @Test
    void renewalsSpreadOverSomeTimeFromTwoThirdsOn() {
        SplittableRandom random = new SplittableRandom(7);
        Instant earliest = Instant.MAX;
        Instant latest = Instant.MIN;
        for (int i = 0; i < 1_000; i++) {
            Instant at = RenewalTime.of(FROM, UNTIL, Optional.empty(), random.nextDouble());
            earliest = at.isBefore(earliest) ? at : earliest;
            latest = at.isAfter(latest) ? at : latest;
        }
        assertThat(earliest).isBetween(FROM.plus(Duration.ofDays(60)), FROM.plus(Duration.ofDays(61)));
        assertThat(latest).isBetween(FROM.plus(Duration.ofDays(62)), FROM.plus(Duration.ofDays(63)));
    }

    @Test
    void theAuthoritysWindowCountsEvenWhenItIsOver() {
        RenewalTime.Window soon = new RenewalTime.Window(FROM.plusSeconds(100), FROM.plusSeconds(200));

        assertThat(RenewalTime.of(FROM, UNTIL, Optional.of(soon), 0.25)).isEqualTo(FROM.plusSeconds(125));
    }

    @Test
    void theAuthorityCannotPutTheRenewalOffUntilItIsTooLateToTryAgain() {
        RenewalTime.Window late = new RenewalTime.Window(UNTIL.minusSeconds(60), UNTIL.plusSeconds(60));

        assertThat(RenewalTime.of(FROM, UNTIL, Optional.of(late), 0.5)).isEqualTo(UNTIL.minus(Duration.ofDays(15)));
    }
}
