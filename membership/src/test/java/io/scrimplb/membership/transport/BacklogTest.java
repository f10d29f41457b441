package io.scrimplb.membership.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final int BYTES = 100_000;

    private final AtomicLong nanos = new AtomicLong();
    private final Backlog backlog = new Backlog(nanos::get);
    private final UUID one = UUID.randomUUID();

    private int fill(UUID sender) {
        int entered = 0;
        while (backlog.enter(sender, BYTES)) {
            entered++;
        }
        return entered;
    }

    @Test
    void oneSenderCannotFillTheRoomAndAllTogetherNeither() {
        assertThat(fill(one)).isEqualTo((int) (Backlog.SENDER_BYTES / (BYTES + Backlog.MESSAGE_OVERHEAD_BYTES)));
        for (int i = 0; i < 50; i++) {
            fill(UUID.randomUUID());
        }
        assertThat(backlog.total()).isBetween(Backlog.TOTAL_BYTES - 2 * BYTES, Backlog.TOTAL_BYTES);
    }

    @Test
    void whatIsDoneMakesRoom() {
        int entered = fill(one);
        backlog.leave(one, BYTES);
        assertThat(backlog.enter(one, BYTES)).isTrue();
        assertThat(backlog.enter(one, BYTES)).isFalse();
        for (int i = 0; i < entered; i++) {
            backlog.leave(one, BYTES);
        }
        assertThat(backlog.total()).isZero();
        backlog.leave(one, BYTES);
        assertThat(backlog.total()).isZero();
    }

    @Test
    void oneIsLetInWhenNothingMovesForAWhile() {
        fill(one);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(501));
        assertThat(backlog.enter(one, BYTES)).isTrue();
        assertThat(backlog.enter(one, BYTES)).isFalse();
    }

    @Test
    void whoIsForgottenTakesNoRoom() {
        fill(one);
        backlog.forget(one);
        assertThat(backlog.total()).isZero();
    }

    @Test
    void onlySoManyUrgentMessagesOfOneAreAtWork() {
        int entered = 0;
        while (backlog.enterUrgent(one)) {
            entered++;
        }
        assertThat(entered).isEqualTo(4);
        assertThat(backlog.enterUrgent(UUID.randomUUID())).isTrue();
        backlog.leaveUrgent(one);
        assertThat(backlog.enterUrgent(one)).isTrue();
        assertThat(backlog.enterUrgent(one)).isFalse();
    }

    @Test
    void connectionTakesNoMoreWhenAllHoldTooMuchExceptWhenItHoldsNothing() {
        Outgoing outgoing = new Outgoing();
        AtomicInteger full = new AtomicInteger();
        while (outgoing.enter(full, BYTES)) {
            assertThat(outgoing.total()).isLessThanOrEqualTo(Outgoing.TOTAL_BYTES);
        }
        AtomicInteger empty = new AtomicInteger();
        assertThat(outgoing.enter(empty, BYTES)).isTrue();
        assertThat(outgoing.enter(empty, BYTES)).isFalse();
        outgoing.leave(full, full.get());
        assertThat(outgoing.enter(empty, BYTES)).isTrue();
        assertThat(outgoing.total()).isEqualTo(empty.get());
    }
}
