package io.scrimplb.app.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.spec.ChallengeSpec;
import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.SpecProblem;
import io.scrimplb.proxy.spec.TimeoutSpec;
import io.scrimplb.proxy.spec.TlsSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChallengesTest {
    @Test
    void oneThatTheProxyRefusedDoesNotCountAsShown() {
        ChallengeSpec good = new ChallengeSpec.Http("good", "good.x");
        ChallengeSpec bad = new ChallengeSpec.Http("bad", "bad.x");
        ProxySpec spec = new ProxySpec(
                1,
                List.of(),
                List.of(),
                List.of(),
                new TlsSpec(List.of(), List.of(), List.of(good, bad)),
                LimitSpec.defaults(),
                TimeoutSpec.defaults(),
                List.of());

        assertThat(Challenges.shown(spec, List.of(new SpecProblem("challenge bad", "why", false))))
                .containsExactly(good);
    }
}
