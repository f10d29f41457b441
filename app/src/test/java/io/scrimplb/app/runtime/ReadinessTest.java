package io.scrimplb.app.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private long nanos = -1_000;
    private boolean inNoCluster;
    private boolean answered;
    private List<String> certificates = List.of();
    private List<String> listeners = List.of();
    private final Readiness readiness =
            new Readiness(() -> inNoCluster, () -> answered, () -> certificates, () -> listeners, () -> nanos);

    private void assertWaitsFor(String what) {
        assertThat(readiness.notReady()).singleElement().asString().contains(what);
    }

    @Test
    void itIsReadyOnceItStandsAndAllHaveAnswered() {
        answered = true;
        assertWaitsFor("starting");
        readiness.started();
        assertThat(readiness.notReady()).isEmpty();
    }

    @Test
    void backendsThatDoNotAnswerAreWaitedForOnlySoLong() {
        readiness.started();
        nanos += Readiness.SETTLE_NANOS;
        assertWaitsFor("still being asked");
        nanos++;
        assertThat(readiness.notReady()).isEmpty();
    }

    @Test
    void aBackendThatJoinsLaterDoesNotMakeItUnready() {
        answered = true;
        readiness.started();
        assertThat(readiness.notReady()).isEmpty();
        answered = false;
        assertThat(readiness.notReady()).isEmpty();
    }

    @Test
    void theFirstThingThatIsMissingIsTold() {
        answered = true;
        readiness.started();
        listeners = List.of("listener 443 is not bound");
        assertWaitsFor("not bound");
        certificates = List.of("certificate of a.test");
        assertWaitsFor("a.test");
        inNoCluster = true;
        assertWaitsFor("in no cluster");
        readiness.draining();
        assertWaitsFor("draining");
    }
}
