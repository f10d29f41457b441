package io.scrimplb.proxy.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.ProxyOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The soak for a few seconds, with every buffer tracked; {@code bench/soak} runs the long one. */
@Timeout(120)
class SoakTest {
    private static final long SEED = 17;
    private static final long REQUESTS = 12_000;

    @Test
    void aMixedLoadUnderSwapsIsAnsweredRightAndLeavesNothingBehind() throws Exception {
        try (Soak soak = new Soak(ProxyOptions.defaults().withEventLoops(2), SEED)) {
            Soak.Result result = soak.run(REQUESTS);

            assertThat(result.problems()).isEmpty();
            assertThat(result.answered()).isGreaterThan(REQUESTS * 9 / 10);
            assertThat(result.cut()).isPositive();
            assertThat(result.swaps()).as("swaps under load").isGreaterThan(6);
        }
    }
}
