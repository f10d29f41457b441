package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterPaceTest {
    /** Of VERIFY_SUSPECT2, which looks once in its time for suspects whose time is up. */
    private static final long VERIFY_MILLIS = 2 * 300;
    /** For the view to be made and to arrive. */
    private static final long VIEW_MILLIS = 300;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 25})
    void hangIsSeenWithinFourSecondsUpToTwentyFiveMembers(int members) {
        ClusterPace pace = ClusterPace.of(members);
        long noticed = pace.timeoutMillis() + pace.heartbeatMillis() / 2;

        assertThat(noticed + VERIFY_MILLIS + VIEW_MILLIS).isLessThanOrEqualTo(4_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {26, 50, 100, 300, 1_000})
    void loadBalancerSendsNoMoreHeartbeatsASecondThanAtTwentyFive(int members) {
        assertThat(heartbeatsASecond(members)).isLessThanOrEqualTo(heartbeatsASecond(25));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 25, 26, 27, 63, 100, 999})
    void fourHeartbeatsMayGetLost(int members) {
        ClusterPace pace = ClusterPace.of(members);

        assertThat(pace.timeoutMillis()).isGreaterThanOrEqualTo(5 * pace.heartbeatMillis() - 5);
        assertThat(pace.minReportMillis()).isLessThan(pace.maxReportMillis());
    }

    private static double heartbeatsASecond(int members) {
        return (members - 1) * 1_000.0 / ClusterPace.of(members).heartbeatMillis();
    }
}
