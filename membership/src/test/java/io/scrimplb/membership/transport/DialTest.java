package io.scrimplb.membership.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DialTest {
    @Test
    void isDueAtFirstAndRestsAfterEachFailureALittleLonger() {
        Dial dial = new Dial();
        assertThat(dial.due()).isTrue();
        long before = 0;
        for (int failure = 1; failure <= 3; failure++) {
            dial.ended(true);
            long started = System.nanoTime();
            assertThat(dial.due()).isFalse();
            await().pollInterval(Duration.ofMillis(1))
                    .atMost(Duration.ofSeconds(10))
                    .until(dial::due);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            assertThat(millis).isGreaterThanOrEqualTo(50L << failure - 1).isGreaterThan(before);
            before = millis;
        }
    }

    @Test
    void isDueAtOnceAfterOneThatWasOpen() {
        Dial dial = new Dial();
        dial.ended(true);
        dial.succeeded();
        dial.ended(false);
        assertThat(dial.due()).isTrue();
    }

    @Test
    void isForgottenWhenNobodyAskedForLong() {
        Dial dial = new Dial();
        assertThat(dial.forgotten(System.nanoTime() + TimeUnit.SECONDS.toNanos(110)))
                .isFalse();
        assertThat(dial.forgotten(System.nanoTime() + TimeUnit.SECONDS.toNanos(130)))
                .isTrue();
    }
}
