package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SteadyPaceTest {
    private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5);

    @Test
    void growingClusterSlowsDownOnlyAfterAWhileButWaitsLongerAtOnce() {
        SteadyPace pace = new SteadyPace();
        pace.members(25, at(0));
        pace.members(100, at(10));

        assertThat(pace.heartbeatMillis(at(11))).isEqualTo(ClusterPace.of(25).heartbeatMillis());
        assertThat(pace.timeoutMillis(at(11))).isEqualTo(ClusterPace.of(100).timeoutMillis());
        long later = 11 + 2 * ClusterPace.of(100).timeoutMillis();
        assertThat(pace.heartbeatMillis(at(later)))
                .isEqualTo(ClusterPace.of(100).heartbeatMillis());
    }

    @Test
    void shrinkingClusterSpeedsUpAtOnceButWaitsAsLongAsBeforeForAWhile() {
        SteadyPace pace = new SteadyPace();
        pace.members(100, at(0));
        pace.members(25, at(60_000));

        assertThat(pace.heartbeatMillis(at(60_001)))
                .isEqualTo(ClusterPace.of(25).heartbeatMillis());
        assertThat(pace.timeoutMillis(at(60_001))).isEqualTo(ClusterPace.of(100).timeoutMillis());
        long later = 60_001 + 2 * ClusterPace.of(100).timeoutMillis();
        assertThat(pace.timeoutMillis(at(later))).isEqualTo(ClusterPace.of(25).timeoutMillis());
    }

    @Test
    void sizesThatDoNotChangeThePaceHoldNothing() {
        SteadyPace pace = new SteadyPace();
        long held = 2 * ClusterPace.of(100).timeoutMillis();
        pace.members(100, at(0));
        pace.members(100, at(held - 1_000));

        assertThat(pace.heartbeatMillis(at(held + 1)))
                .isEqualTo(ClusterPace.of(100).heartbeatMillis());
    }

    /**
     * One member sends and another one looks, both under a virtual clock, and the cluster's size jumps about; each view
     * reaches each of them up to two seconds late, one heartbeat of five is lost. Nobody died, so nobody is suspected.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nobodyIsSuspectedWhileTheSizeChanges(long seed) {
        Random random = new Random(seed);
        SteadyPace sender = new SteadyPace();
        SteadyPace receiver = new SteadyPace();
        Silences<String> silences = new Silences<>();
        long nextView = 0;
        int size = 2;
        long senderLearns = Long.MAX_VALUE;
        long receiverLearns = Long.MAX_VALUE;
        long beat = 0;
        long look = 0;
        int lost = 0;
        for (long now = 0; now < 600_000; now += 10) {
            if (now >= nextView) {
                size = 2 + random.nextInt(150);
                senderLearns = now + random.nextInt(2_000);
                receiverLearns = now + random.nextInt(2_000);
                nextView = now + 2_000 + random.nextInt(60_000);
            }
            if (now >= senderLearns) {
                sender.members(size, at(now));
                senderLearns = Long.MAX_VALUE;
            }
            if (now >= receiverLearns) {
                receiver.members(size, at(now));
                receiverLearns = Long.MAX_VALUE;
            }
            if (now >= beat) {
                if (lost == 0 && random.nextInt(5) == 0) {
                    lost++;
                } else {
                    lost = 0;
                    silences.heard("sender");
                }
                beat = now + sender.heartbeatMillis(at(now));
            }
            if (now >= look) {
                long timeout = receiver.timeoutMillis(at(now));
                assertThat(silences.look(List.of("sender"), timeout, at(now)))
                        .as("at %d ms, seed %d", now, seed)
                        .isEmpty();
                look = now + receiver.heartbeatMillis(at(now)) / 2;
            }
        }
    }

    private static long at(long millis) {
        return START + TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
