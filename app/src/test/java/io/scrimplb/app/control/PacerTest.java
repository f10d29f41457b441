package io.scrimplb.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PacerTest {
    private static final long MS = 1_000_000;
    /** Monotonic clocks may overflow; nothing may depend on the sign. */
    private static final long START = Long.MAX_VALUE - 5 * MS;

    private final Pacer pacer = new Pacer(new ControlTiming(Duration.ofMillis(20), Duration.ofSeconds(5)));

    @BeforeEach
    void firstSwap() {
        assertThat(pacer.due(START)).isTrue();
        pacer.swapped(START, true);
    }

    @Test
    void nothingIsDueWhileNothingChanged() {
        assertThat(pacer.due(START + 1_000 * MS)).isFalse();
        assertThat(pacer.nanosUntilDue(START)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theFirstChangeAfterQuietIsDueAtOnce() {
        pacer.want();
        assertThat(pacer.due(START + 20 * MS)).isTrue();
    }

    @Test
    void aChangeRightAfterASwapWaitsForTheIntervalToEnd() {
        pacer.want();
        assertThat(pacer.nanosUntilDue(START + 5 * MS)).isEqualTo(15 * MS);
        assertThat(pacer.due(START + 19 * MS)).isFalse();
        assertThat(pacer.due(START + 20 * MS)).isTrue();
    }

    @Test
    void anIncompleteSwapIsTriedAgainThoughNothingChanged() {
        pacer.swapped(START, false);
        assertThat(pacer.due(START + 4_999 * MS)).isFalse();
        assertThat(pacer.due(START + 5_000 * MS)).isTrue();
        pacer.swapped(START + 5_000 * MS, true);
        assertThat(pacer.due(START + 60_000 * MS)).isFalse();
    }
}
