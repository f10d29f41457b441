package io.scrimplb.membership.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.exchange.BackendTable.Known;
import io.scrimplb.membership.wire.WireMessage;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackendTableTest {
    private static final Member WEB = member("web", Role.BACKEND);
    private static final Member LB = member("lb", Role.LOAD_BALANCER);
    private final BackendTable table = new BackendTable(new Random(7));

    @Test
    void newBackendIsAskedSoonAndAgainEverLaterUntilItAnswers() {
        table.viewChanged(List.of(LB, WEB), false, 0);
        List<Long> asked = askedUntil(30_000);

        assertThat(asked.get(0)).isEqualTo(AskTimes.FIRST_MILLIS);
        assertThat(asked.get(1) - asked.get(0)).isBetween(80L, 120L);
        assertThat(asked.get(2) - asked.get(1)).isBetween(160L, 240L);
        assertThat(asked.get(asked.size() - 1) - asked.get(asked.size() - 2)).isBetween(4_000L, 6_000L);
    }

    @Test
    void answerEndsTheAskingButForASlowQuestionWithTheKnownRevision() {
        table.viewChanged(List.of(LB, WEB), false, 0);

        assertThat(table.offered("web", announcement(4), Claims.UNLIMITED, 60)).isTrue();

        assertThat(table.nextDue().orElseThrow()).isBetween(48_000L, 73_000L);
        assertThat(table.due(80_000)).containsExactly(new BackendTable.Question(WEB, 4));
        table.unchanged("web", 4, Claims.UNLIMITED, 80_010);
        assertThat(table.nextDue().orElseThrow()).isGreaterThan(120_000);
    }

    @Test
    void backendsBeyondTheLimitAreNotAskedUntilOthersGo() {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < BackendTable.MAX_BACKENDS + 2; i++) {
            members.add(member("web-" + i, Role.BACKEND));
        }

        table.viewChanged(members, false, 0);

        assertThat(table.leftOut()).isEqualTo(2);
        assertThat(table.due(AskTimes.FIRST_MILLIS)).hasSize(BackendTable.MAX_BACKENDS);
        assertThat(table.offered("web-" + BackendTable.MAX_BACKENDS, announcement(1), Claims.UNLIMITED, 60))
                .isFalse();

        table.viewChanged(members.subList(2, members.size()), false, 100);
        assertThat(table.leftOut()).isZero();
        assertThat(table.offered("web-" + BackendTable.MAX_BACKENDS, announcement(1), Claims.UNLIMITED, 110))
                .isTrue();
    }

    @Test
    void backendWhoseMessageWasDroppedIsAskedSoon() {
        table.viewChanged(List.of(WEB), false, 0);
        table.offered("web", announcement(1), Claims.UNLIMITED, 0);

        table.lost("web", 1_000);

        assertThat(table.nextDue().orElseThrow()).isBetween(1_050L, 1_200L);
    }

    @Test
    void answerThatBelongsToAnotherRevisionIsAskedForAgain() {
        table.viewChanged(List.of(WEB), false, 0);
        table.offered("web", announcement(4), Claims.UNLIMITED, 0);

        table.unchanged("web", 3, Claims.UNLIMITED, 100);

        assertThat(table.nextDue().orElseThrow()).isLessThan(300);
    }

    @Test
    void olderRevisionNeverReplacesANewerOne() {
        table.viewChanged(List.of(WEB), false, 0);
        assertThat(table.offered("web", announcement(4), Claims.UNLIMITED, 0)).isTrue();

        assertThat(table.offered("web", announcement(3), Claims.UNLIMITED, 0)).isFalse();
        assertThat(table.offered("web", announcement(4), Claims.UNLIMITED, 0))
                .as("nothing new")
                .isFalse();
        assertThat(table.known()).isEqualTo(Map.of("web", new Known(announcement(4), Claims.UNLIMITED)));
        assertThat(table.offered("web", announcement(5), Claims.UNLIMITED, 0)).isTrue();
    }

    @Test
    void hearsayIsUsedUntilTheBackendSpeaks() {
        table.viewChanged(List.of(WEB), false, 0);

        assertThat(table.heardOf("web", announcement(9), Claims.UNLIMITED)).isTrue();
        assertThat(table.due(50)).containsExactly(new BackendTable.Question(WEB, 9));
        assertThat(table.offered("web", announcement(2), Claims.UNLIMITED, 60))
                .as("it knows better")
                .isTrue();
        assertThat(table.heardOf("web", announcement(10), Claims.UNLIMITED)).isFalse();
        assertThat(table.known()).isEqualTo(Map.of("web", new Known(announcement(2), Claims.UNLIMITED)));
    }

    @Test
    void memberThatLeftIsForgottenAndAskedWhenItComesBack() {
        table.viewChanged(List.of(WEB), false, 0);
        table.offered("web", announcement(4), Claims.UNLIMITED, 0);
        table.viewChanged(List.of(LB), false, 10);

        assertThat(table.nextDue()).isEmpty();
        assertThat(table.offered("web", announcement(5), Claims.UNLIMITED, 11))
                .as("not in the view")
                .isFalse();
        table.viewChanged(List.of(WEB), true, 20);
        assertThat(table.due(70)).containsExactly(new BackendTable.Question(WEB, WireMessage.NOTHING_KNOWN));
        assertThat(table.offered("web", announcement(4), Claims.UNLIMITED, 80)).isTrue();
    }

    @Test
    void mergeAsksEverybodyAgainAtOnce() {
        table.viewChanged(List.of(WEB), false, 0);
        table.offered("web", announcement(4), Claims.UNLIMITED, 0);

        table.viewChanged(List.of(LB, WEB), true, 500);

        assertThat(table.due(500)).containsExactly(new BackendTable.Question(WEB, 4));
    }

    @Test
    void whatABackendsOwnConnectionProvesReplacesTheClaimsThatWereHeardOf() {
        Claims told = new Claims(List.of("*.example.com"), List.of());
        Claims proved = new Claims(List.of("*.example.org"), List.of(PortRange.of(443)));
        table.viewChanged(List.of(WEB), false, 0);

        assertThat(table.heardOf("web", announcement(3), told)).isTrue();
        assertThat(table.known()).isEqualTo(Map.of("web", new Known(announcement(3), told)));
        assertThat(table.unchanged("web", 3, proved, 10)).contains(new Known(announcement(3), proved));
        assertThat(table.unchanged("web", 3, proved, 20)).as("nothing new").isEmpty();
        assertThat(table.heardOf("web", announcement(4), told)).isFalse();
        assertThat(table.known()).isEqualTo(Map.of("web", new Known(announcement(3), proved)));
    }

    @Test
    void otherClaimsAreNewsEvenWithTheSameAnnouncement() {
        Claims told = new Claims(List.of("*.example.com"), List.of());
        table.viewChanged(List.of(WEB), false, 0);
        table.heardOf("web", announcement(3), told);

        assertThat(table.offered("web", announcement(3), Claims.UNLIMITED, 10)).isTrue();
        assertThat(table.offered("web", announcement(3), Claims.UNLIMITED, 20)).isFalse();
    }

    private List<Long> askedUntil(long end) {
        List<Long> asked = new ArrayList<>();
        for (long now = 0; now <= end; now++) {
            if (!table.due(now).isEmpty()) {
                asked.add(now);
            }
        }
        return asked;
    }

    private static Announcement announcement(long revision) {
        return new Announcement(revision, null, List.of());
    }

    private static Member member(String id, Role role) {
        return new Member(id, id, role, new InetSocketAddress("127.0.0.1", 9999));
    }
}
