package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.util.LongTuple;
import org.jgroups.util.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedTableTest {
    private static final long OFFSET = 100;

    private final LongAdder refused = new LongAdder();
    private final Table<Message> table = new BoundedTable(10, 1_024, OFFSET, 1.2, 10_000, refused);

    private static Message of(int bytes) {
        return new BytesMessage(null, new byte[bytes]);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                OFFSET + BoundedTable.WINDOW + 1,
                Integer.MAX_VALUE,
                1L << 40,
                Long.MAX_VALUE,
                Long.MAX_VALUE - 1_024
            })
    void numbersFarAheadAreRefusedAloneAndInABatch(long number) {
        assertThat(table.add(number, of(1))).isFalse();
        List<LongTuple<Message>> batch = new ArrayList<>(List.of(
                new LongTuple<>(OFFSET + 12_000, of(1)),
                new LongTuple<>(number, of(1)),
                new LongTuple<>(OFFSET + 1, of(1))));
        assertThat(table.add(batch, false)).isTrue();

        assertThat(table.size()).isEqualTo(2);
        assertThat(table.getHighestReceived()).isEqualTo(OFFSET + 12_000);
        assertThat(table.getNumRows()).isLessThanOrEqualTo(BoundedTable.WINDOW / 1_024 + 1);
        assertThat(refused.sum()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {OFFSET, 0, -1, Long.MIN_VALUE})
    void numbersOfThePastAreOldNews(long number) {
        assertThat(table.add(number, of(1))).isFalse();
        assertThat(table.size()).isZero();
    }

    @Test
    void bytesThatWaitAreBoundedAndTheNextIsAlwaysLetIn() {
        int each = 100_000;
        long number = OFFSET + 2;
        while (table.add(number, of(each))) {
            number++;
        }
        assertThat((number - OFFSET - 2) * each)
                .isBetween(BoundedTable.WAITING_BYTES - 2L * each, BoundedTable.WAITING_BYTES);

        assertThat(table.add(OFFSET + 1, of(each))).isTrue();
        while (table.remove(true) != null) {
            assertThat(table.getHighestDelivered()).isGreaterThan(OFFSET);
        }
        assertThat(table.getHighestDelivered()).isEqualTo(number - 1);
        assertThat(table.add(number + 1, of(each))).as("room again").isTrue();
        assertThat(table.add(number, of(each))).isTrue();
    }

    @Test
    void longRunInOrderIsNotRefused() {
        for (long number = OFFSET + 1; number < OFFSET + 100_000; number++) {
            assertThat(table.add(number, of(1_000))).isTrue();
            assertThat(table.remove(true)).isNotNull();
        }
        assertThat(refused.sum()).isZero();
    }
}
