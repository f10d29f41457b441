package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SilencesTest {
    private static final long TIMEOUT = 2_500;
    private final Silences<String> silences = new Silences<>();
    /** Begins where {@link System#nanoTime} may: shortly before it overflows. */
    private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

    @Test
    void memberIsSilentOnceTheTimeIsOverAndNotBefore() {
        look(250, "a");
        for (int i = 1; i < 10; i++) {
            assertThat(look(250, "a")).as("after %d ms", i * 250).isEmpty();
        }
        assertThat(look(250, "a")).containsExactly("a");
        assertThat(look(250, "a")).as("and still").containsExactly("a");
    }

    @Test
    void wordEndsTheSilence() {
        look(250, "a", "b");
        for (int i = 0; i < 40; i++) {
            silences.heard("a");
            assertThat(look(250, "a", "b")).doesNotContain("a");
        }
        assertThat(look(250, "a", "b")).containsExactly("b");
        silences.heard("b");
        assertThat(look(250, "a", "b")).isEmpty();
    }

    @Test
    void pauseOfOnesOwnMakesNobodySilent() {
        look(250, "a");
        // As long as it may be while all is well.
        look(250, "a");
        look(250, "a");

        assertThat(look(60_000, "a")).isEmpty();
        assertThat(look(250, "a")).isEmpty();
        silences.heard("a");
        assertThat(look(250, "a")).isEmpty();
    }

    @Test
    void silenceOfANewcomerBeginsWhenItIsFirstWatched() {
        for (int i = 0; i < 20; i++) {
            look(250, "a");
        }

        assertThat(look(250, "a", "new")).containsExactly("a");
    }

    @Test
    void silenceOfOneWhoWasNotWatchedMeanwhileBeginsAnew() {
        for (int i = 0; i < 20; i++) {
            look(250, "a");
        }
        look(250, "b");

        assertThat(look(250, "a", "b")).isEmpty();
    }

    @Test
    void wordOfOneWhoIsNotWatchedIsNotKept() {
        silences.heard("stranger");

        assertThat(silences.watched()).isEmpty();
    }

    private List<String> look(long afterMillis, String... watched) {
        now += TimeUnit.MILLISECONDS.toNanos(afterMillis);
        return silences.look(List.of(watched), TIMEOUT, now);
    }
}
