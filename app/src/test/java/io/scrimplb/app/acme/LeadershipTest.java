package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.app.certificates.EcKeys;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One orders on each side. */
class LeadershipTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = NOW.plus(Peers.PATIENCE);

    @Test
    void theOldestThatTakesPartOrders() {
        assertThat(Leadership.leader(List.of("a", "b", "c"), Set.of("a", "b", "c"), Set.of()))
                .contains("a");
        assertThat(Leadership.leader(List.of("a", "b", "c"), Set.of("b", "c"), Set.of()))
                .contains("b");
        assertThat(Leadership.leader(List.of("a", "b"), Set.of("b"), Set.of("a")))
                .isEmpty();
    }

    @Test
    void inEveryViewAllAgreeOnOneAndOnlyItOrders() {
        SplittableRandom random = new SplittableRandom(99);
        for (int round = 0; round < 500; round++) {
            List<String> view = new ArrayList<>();
            for (int i = 0, size = 1 + random.nextInt(5); i < size; i++) {
                view.add("lb" + random.nextInt(1_000) + "-" + i);
            }
            int leaders = 0;
            for (String self : view) {
                Peers peers = new Peers();
                peers.view(view, self, NOW);
                for (String other : view) {
                    peers.greeted(other, EcKeysOnce.PUBLIC, Set.of());
                }
                leaders += peers.leader(NOW).equals(Optional.of(self)) ? 1 : 0;
            }
            assertThat(leaders).isEqualTo(1);
        }
    }

    @Test
    void whoNeverGreetsIsWaitedForAndThenPassedOver() {
        Peers peers = new Peers();
        peers.view(List.of("old", "self"), "self", NOW);

        assertThat(peers.leader(NOW)).isEmpty();
        assertThat(peers.expected(NOW)).containsExactly("old");
        assertThat(peers.leader(LATER)).contains("self");
        assertThat(peers.expected(LATER)).isEmpty();
        assertThat(peers.silent(LATER)).containsExactly("old");
    }

    @Test
    void greetingsAreRepeatedUntilAllIsToldAndSeldomAfterwards() {
        Peers peers = new Peers();
        peers.view(List.of("a", "self"), "self", NOW);

        assertThat(peers.toGreet(NOW)).containsExactly("a");
        assertThat(peers.toGreet(NOW.plusMillis(100))).isEmpty();
        assertThat(peers.toGreet(NOW.plusMillis(600))).containsExactly("a");
        assertThat(peers.answered("a", true)).as("nothing of it was of use").isFalse();
        peers.brought("a");
        assertThat(peers.answered("a", true)).isTrue();
        assertThat(peers.expected(NOW)).containsExactly("a");
        assertThat(peers.answered("a", false)).isFalse();
        assertThat(peers.expected(NOW)).isEmpty();
        assertThat(peers.toGreet(NOW.plusSeconds(30))).isEmpty();
        assertThat(peers.toGreet(NOW.plusSeconds(61))).containsExactly("a");
    }

    @Test
    void whoComesBackIsHeardAnew() {
        Peers peers = new Peers();
        peers.view(List.of("a", "self"), "self", NOW);
        peers.greeted("a", EcKeysOnce.PUBLIC, Set.of());
        peers.answered("a", false);

        assertThat(peers.view(List.of("self"), "self", NOW)).containsExactly("a");
        peers.view(List.of("self", "a"), "self", LATER);

        assertThat(peers.expected(LATER)).containsExactly("a");
        assertThat(peers.taking()).isEmpty();
    }

    @Test
    void aChallengeWaitsForAllWhoTakePartOrStillMay() {
        Peers peers = new Peers();
        peers.view(List.of("self", "a", "b"), "self", NOW);
        peers.greeted("a", EcKeysOnce.PUBLIC, Set.of());

        assertThat(peers.unconfirmed(5, NOW)).containsExactlyInAnyOrder("a", "b");
        peers.confirmed("a", 5);
        assertThat(peers.unconfirmed(5, NOW)).containsExactly("b");
        assertThat(peers.unconfirmed(5, LATER)).isEmpty();
        assertThat(peers.unconfirmed(6, LATER)).containsExactly("a");
    }

    private static final class EcKeysOnce {
        static final PublicKey PUBLIC = EcKeys.generate().getPublic();
    }
}
