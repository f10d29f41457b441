package io.scrimplb.membership.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.transport.Admission.Stage;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    private static final int LIMIT = 16;

    /** What the room must hold, kept in the plainest way: in order of arrival at the stage. */
    private record Guest(int source, Stage stage, int arrived) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whoeverGivesWayIsTheOldestOfTheLeastOfTheFullestSource(long seed) throws Exception {
        Random random = new Random(seed);
        Admission<Integer> admission = new Admission<>(LIMIT);
        Map<Integer, Guest> guests = new LinkedHashMap<>();
        for (int i = 0; i < 5_000; i++) {
            int choice = random.nextInt(10);
            List<Integer> there = List.copyOf(guests.keySet());
            if (choice < 6 || there.isEmpty()) {
                int source = random.nextInt(1 + random.nextInt(6));
                Map<Integer, Long> sizes = new HashMap<>();
                guests.values().forEach(guest -> sizes.merge(guest.source(), 1L, Long::sum));
                boolean full = guests.size() >= LIMIT;

                Integer victim = admission.enter(i, source(source));

                if (!full) {
                    assertThat(victim).isNull();
                } else {
                    Guest gone = guests.remove(victim);
                    assertThat(gone).as("one of those who were there").isNotNull();
                    assertThat(sizes.get(gone.source()))
                            .isEqualTo(sizes.values().stream()
                                    .max(Comparator.naturalOrder())
                                    .orElseThrow());
                    assertThat(guests.values().stream().filter(other -> other.source() == gone.source()))
                            .noneMatch(other -> other.stage().compareTo(gone.stage()) < 0)
                            .noneMatch(other -> other.stage() == gone.stage() && other.arrived() < gone.arrived());
                }
                guests.put(i, new Guest(source, Stage.SILENT, i));
            } else {
                int one = there.get(random.nextInt(there.size()));
                Guest guest = guests.get(one);
                if (choice < 8 && guest.stage() != Stage.PROVED) {
                    Stage next = Stage.values()[guest.stage().ordinal() + 1];
                    admission.advance(one, guest.stage(), next);
                    guests.put(one, new Guest(guest.source(), next, i));
                } else {
                    admission.leave(one);
                    guests.remove(one);
                }
            }
            assertThat(admission.size()).isEqualTo(guests.size()).isLessThanOrEqualTo(LIMIT);
        }
    }

    private static InetAddress source(int number) throws UnknownHostException {
        return number % 2 == 0
                ? InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number})
                : InetAddress.getByAddress(new byte[] {0x20, 1, 0, 0, 0, 0, 0, (byte) number, 0, 0, 0, 0, 0, 0, 0, 1});
    }

    @Test
    void floodOfOneSourcePushesOutItselfOnly() throws Exception {
        Admission<String> admission = new Admission<>(LIMIT);
        admission.enter("honest", InetAddress.getByName("10.0.0.9"));
        for (int i = 0; i < 1_000; i++) {
            assertThat(admission.enter("flood-" + i, InetAddress.getByName("10.0.0.1")))
                    .isNotEqualTo("honest");
        }
    }

    @Test
    void addressesOfOneIpv6CustomerAreOneSource() throws Exception {
        Admission<String> admission = new Admission<>(LIMIT);
        admission.enter("honest-1", InetAddress.getByName("2001:db8:0:2::1"));
        admission.enter("honest-2", InetAddress.getByName("2001:db8:0:2::2"));
        for (int i = 0; i < 1_000; i++) {
            assertThat(admission.enter(
                            "flood-" + i, InetAddress.getByName("2001:db8:0:1::" + Integer.toHexString(i + 1))))
                    .isNotIn("honest-1", "honest-2");
        }
    }

    @Test
    void whoProvedItselfOutlastsThoseWhoDidNot() throws Exception {
        Admission<String> admission = new Admission<>(LIMIT);
        InetAddress source = InetAddress.getByName("10.0.0.1");
        admission.enter("proved", source);
        admission.advance("proved", Stage.SILENT, Stage.SHAKING);
        admission.advance("proved", Stage.SHAKING, Stage.PROVED);
        for (int i = 0; i < 1_000; i++) {
            assertThat(admission.enter("silent-" + i, source)).isNotEqualTo("proved");
        }
        admission.leave("proved");
        assertThat(admission.size()).isEqualTo(LIMIT - 1);
    }

    @Test
    void thoseWhoAreNotThereAreIgnored() {
        Admission<String> admission = new Admission<>(LIMIT);
        admission.advance("nobody", Stage.SILENT, Stage.PROVED);
        admission.leave("nobody");
        assertThat(admission.size()).isZero();
    }
}
