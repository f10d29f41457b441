package io.scrimplb.membership.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fuzzing begins with, and random changes of it, go through the same targets in every build. */
final class FuzzRegressionTest {
    private static final int CHANGES = 3_000;

    @ParameterizedTest
    @EnumSource
    void seedsDoNoHarm(FuzzTarget target) {
        List<byte[]> seeds = target.seeds();
        assertThat(seeds).hasSizeGreaterThan(2);
        seeds.forEach(seed -> checked(target, seed));
    }

    @ParameterizedTest
    @EnumSource
    void changedSeedsDoNoHarm(FuzzTarget target) {
        Random random = new Random(20261126);
        List<byte[]> seeds = target.seeds();
        // A key or a handshake takes its time.
        int changes = switch (target) {
            case CONNECTION, TOKEN -> CHANGES / 10;
            default -> CHANGES;
        };
        for (int i = 0; i < changes; i++) {
            checked(target, changed(seeds.get(random.nextInt(seeds.size())).clone(), random));
        }
    }

    private static byte[] changed(byte[] bytes, Random random) {
        byte[] changed = bytes;
        for (int i = 0; i <= random.nextInt(4); i++) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(5)) {
                case 0 -> changed[at] = (byte) random.nextInt();
                case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> changed[at] = (byte) (random.nextBoolean() ? 0x7f : 0xff);
                case 3 -> changed = java.util.Arrays.copyOf(changed, Math.max(1, at));
                default -> {
                    int length = random.nextInt(8);
                    byte[] longer = new byte[changed.length + length];
                    System.arraycopy(changed, 0, longer, 0, at);
                    System.arraycopy(changed, at, longer, at + length, changed.length - at);
                    changed = longer;
                }
            }
        }
        return changed;
    }

    private static void checked(FuzzTarget target, byte[] input) {
        try {
            target.check(input);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(target.label() + " " + HexFormat.of().formatHex(input), e);
        }
    }
}
