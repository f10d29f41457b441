package io.scrimplb.membership.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class P256Test {
    private static final String ORDER = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    private static final String GENERATOR_X = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
    private static final String GENERATOR_Y = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

    @Test
    void twoHundredSecretsMakeTwoHundredKeysThatSign() throws Exception {
        for (int i = 0; i < 200; i++) {
            KeyPair pair = Issuer.authorityKey(ClusterSecret.generate());

            assertThat(P256.isKey(pair.getPublic())).isTrue();
            assertThat(P256.belongTogether(pair.getPrivate(), pair.getPublic())).isTrue();
            // Refuses what is not on the curve.
            assertThat(P256.publicKey(P256.point(pair.getPublic()))).isEqualTo(pair.getPublic());
        }
    }

    @Test
    void theSmallestAndTheLargestScalarHaveTheGeneratorAndItsMirrorImage() {
        byte[] zero = new byte[P256.SCALAR_SEED_BYTES];
        byte[] last = new BigInteger(ORDER, 16).subtract(BigInteger.TWO).toByteArray();
        byte[] seed = new byte[P256.SCALAR_SEED_BYTES];
        System.arraycopy(last, last.length - 32, seed, seed.length - 32, 32);

        assertThat(HexFormat.of().formatHex(P256.point(P256.derive(zero).getPublic())))
                .isEqualTo(GENERATOR_X + GENERATOR_Y);
        assertThat(HexFormat.of().formatHex(P256.point(P256.derive(seed).getPublic())))
                .startsWith(GENERATOR_X)
                .doesNotEndWith(GENERATOR_Y);
    }

    @Test
    void aScalarIsWrittenInThirtyTwoBytesAndReadAgain() throws Exception {
        for (String hex : new String[] {"01", "80", "ff".repeat(31), "00" + "80".repeat(31), "7f".repeat(32)}) {
            byte[] bytes = new byte[32];
            byte[] given = HexFormat.of().parseHex(hex);
            System.arraycopy(given, 0, bytes, 32 - given.length, given.length);

            assertThat(P256.scalar(P256.privateKey(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void scalarsOutOfRangeAndPointsBesideTheCurveAreRefused() throws Exception {
        byte[] beside = P256.point(P256.generate().getPublic());
        beside[63] ^= 1;
        byte[] beyond = new byte[64];
        Arrays.fill(beyond, (byte) 0xff);

        assertThatThrownBy(() -> P256.privateKey(new byte[32])).isInstanceOf(InvalidKeySpecException.class);
        assertThatThrownBy(() -> P256.privateKey(HexFormat.of().parseHex(ORDER)))
                .isInstanceOf(InvalidKeySpecException.class);
        for (byte[] point : new byte[][] {beside, beyond, new byte[64]}) {
            assertThatThrownBy(() -> P256.publicKey(point)).isInstanceOf(InvalidKeySpecException.class);
        }
    }

    @Test
    void keysOfDifferentPairsDoNotBelongTogether() {
        PrivateKey one = P256.generate().getPrivate();

        assertThat(P256.belongTogether(one, P256.generate().getPublic())).isFalse();
    }
}
