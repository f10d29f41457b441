package io.scrimplb.proxy.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.h2.Silence.Verdict;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private static final long START = -7;

    private final Silence silence = new Silence();

    @Test
    void anEndpointIsAskedOnceAfterAWhileAndGivenUpWithoutAnAnswer() {
        silence.heard(START);
        assertThat(silence.look(START + Silence.ASK_NANOS)).isEqualTo(Verdict.WAIT);
        long asked = START + Silence.ASK_NANOS + 1;
        assertThat(silence.look(asked)).isEqualTo(Verdict.ASK);
        assertThat(silence.look(asked + Silence.ANSWER_NANOS)).isEqualTo(Verdict.WAIT);
        assertThat(silence.look(asked + Silence.ANSWER_NANOS + 1)).isEqualTo(Verdict.GIVE_UP);
    }

    @Test
    void anAnswerOfAnyKindBeginsTheWaitAnew() {
        silence.heard(START);
        long asked = START + Silence.ASK_NANOS + 1;
        assertThat(silence.look(asked)).isEqualTo(Verdict.ASK);

        silence.heard(asked + 1);

        assertThat(silence.look(asked + Silence.ASK_NANOS)).isEqualTo(Verdict.WAIT);
        assertThat(silence.look(asked + Silence.ASK_NANOS + 2)).isEqualTo(Verdict.ASK);
    }
}
