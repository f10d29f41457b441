package io.scrimplb.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NameTableTest {
    private static final long SEED = 20261126;

    private static NameTable<Integer> none() {
        return NameTable.empty(name -> name.getBytes(StandardCharsets.US_ASCII));
    }

    private static NameTable<Integer> of(List<String> names) {
        Map<String, Integer> numbers = new HashMap<>();
        for (String name : names) {
            numbers.put(name, numbers.size());
        }
        NameTable<Integer> table = none();
        return table.with(numbers);
    }

    /** All strings of so many pairs, each "Aa" or "BB": one and the same {@link String#hashCode}. */
    private static List<String> collidingUnderHashCode(int pairs) {
        List<String> names = List.of("");
        for (int i = 0; i < pairs; i++) {
            List<String> longer = new ArrayList<>();
            for (String name : names) {
                longer.add(name + "Aa");
                longer.add(name + "BB");
            }
            names = longer;
        }
        return names;
    }

    @Test
    void aTableChangedAtRandomHoldsWhatAMapHolds() {
        Random random = new Random(SEED);
        Map<String, Integer> expected = new HashMap<>();
        NameTable<Integer> table = none();
        for (int round = 0; round < 300; round++) {
            Map<String, @Nullable Integer> changes = new HashMap<>();
            for (int i = random.nextInt(20); i >= 0; i--) {
                changes.put("name" + random.nextInt(400), random.nextInt(3) == 0 ? null : random.nextInt());
            }
            NameTable<Integer> before = table;
            Map<String, Integer> expectedBefore = new HashMap<>(expected);
            table = table.with(changes);
            changes.forEach((name, value) -> {
                if (value == null) {
                    expected.remove(name);
                } else {
                    expected.put(name, value);
                }
            });

            for (int i = 0; i < 400; i++) {
                String name = "name" + i;
                assertThat(table.get(name))
                        .as("seed %d, round %d, %s", SEED, round, name)
                        .isEqualTo(expected.get(name));
                assertThat(before.get(name)).as("the table before").isEqualTo(expectedBefore.get(name));
            }
            assertThat(table.size()).isEqualTo(expected.size());
        }
    }

    @Test
    void noNameOfManyLiesFarFromItsPlace() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            names.add("app-" + i + ".example.com");
            names.add("www.app-" + i + ".example.com");
            names.add("app" + i + ".prod.svc.cluster.local");
        }

        NameTable<Integer> table = of(names);

        assertThat(table.size()).isEqualTo(30_000);
        assertThat(table.distance()).isLessThanOrEqualTo(NameTable.MAX_DISTANCE);
    }

    @Test
    void namesMadeToCollideUnderAnUnkeyedHashDoNot() {
        List<String> names = collidingUnderHashCode(14);
        assertThat(names)
                .hasSize(16_384)
                .allMatch(name -> name.hashCode() == names.get(0).hashCode());

        NameTable<Integer> table = of(names);

        assertThat(table.distance()).isLessThanOrEqualTo(NameTable.MAX_DISTANCE);
        assertThat(table.get(names.get(77))).isEqualTo(77);
    }
}
