package io.scrimplb.proxy.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.telemetry.EndpointCounters;
import org.junit.jupiter.api.Test;

/** What is told of an endpoint, and how often. */
final class EndpointStateTest {
    private final EndpointState state = new EndpointState(new EndpointCounters("app", "127.0.0.1:1", 1));
    private final long start = System.nanoTime();

    @Test
    void aFaultIsToldOnceUntilItChanges() {
        long later = start + EndpointState.FAULT_QUIET_NANOS;

        assertThat(state.faultIsNew("expired", start)).isTrue();
        assertThat(state.faultIsNew("expired", start)).isFalse();
        assertThat(state.faultIsNew("expired", later)).isFalse();
        assertThat(state.faultIsNew("another name", later)).isTrue();
    }

    @Test
    void faultsThatComeAndGoAreToldOnceAMinute() {
        int told = 0;
        for (long now = start; now < start + 10 * EndpointState.FAULT_QUIET_NANOS; now += 1_000_000_000L) {
            told += state.faultIsNew(now % 2_000_000_000L == start % 2_000_000_000L ? "one" : "other", now) ? 1 : 0;
            state.connectFailed(now);
            if (told % 3 == 0) {
                state.connected();
            }
        }

        assertThat(told).isBetween(5, 10);
    }
}
