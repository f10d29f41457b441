package io.scrimplb.membership.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Role;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterSecretTest {
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    @Test
    void aGeneratedOneIsReadAgain() throws Exception {
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            ClusterSecret secret = ClusterSecret.generate();
            assertThat(secret.reveal()).matches("scrimp-secret-[" + ALPHABET + "]{30}");
            assertThat(ClusterSecret.parse(secret.reveal(), false)).isEqualTo(secret);
            all.add(secret.reveal());
        }
        assertThat(all).hasSize(200);
    }

    @Test
    void capitalsBlanksAroundAndLookalikesDoNotMatter() throws Exception {
        ClusterSecret secret = withZeroAndOne();
        String body = secret.reveal().substring(ClusterSecret.PREFIX.length());

        for (String spelling : new String[] {
            "  " + secret.reveal() + "\r\n",
            secret.reveal().toUpperCase(Locale.ROOT),
            ClusterSecret.PREFIX + body.replace('0', 'o').replace('1', 'l'),
            ClusterSecret.PREFIX + body.replace('0', 'O').replace('1', 'I')
        }) {
            ClusterSecret read = ClusterSecret.parse(spelling, false);
            assertThat(read).isEqualTo(secret);
            assertThat(read.keyingMaterial()).isEqualTo(secret.keyingMaterial());
        }
    }

    @Test
    void everyWrongCharacterIsATypingError() {
        String right = ClusterSecret.generate().reveal();
        for (int at = 0; at < right.length(); at++) {
            for (char c = '!'; c <= '~'; c++) {
                String wrong = right.substring(0, at) + c + right.substring(at + 1);
                if (!spelledAlike(right.charAt(at), c)) {
                    assertTypingError(wrong);
                }
            }
        }
    }

    @Test
    void everyExchangeOfTwoCharactersIsATypingError() {
        String right = ClusterSecret.generate().reveal();
        for (int i = 0; i < right.length(); i++) {
            for (int j = i + 1; j < right.length(); j++) {
                StringBuilder wrong = new StringBuilder(right);
                wrong.setCharAt(i, right.charAt(j));
                wrong.setCharAt(j, right.charAt(i));
                if (!wrong.toString().equals(right)) {
                    assertTypingError(wrong.toString());
                }
            }
        }
    }

    @Test
    void everyMissingOrDoubledCharacterOfTheBodyIsATypingError() {
        String right = ClusterSecret.generate().reveal();
        for (int at = ClusterSecret.PREFIX.length(); at < right.length(); at++) {
            assertTypingError(right.substring(0, at) + right.substring(at + 1));
            assertTypingError(right.substring(0, at) + right.charAt(at) + right.substring(at));
        }
        assertTypingError(right.substring(ClusterSecret.PREFIX.length()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2",
                "nineteen characters",
                "aaaaaaaaaaaaaaaaaaaaaaaa",
                "abababababababababababab",
                "passwordpasswordpassword",
                "12345678901234567890123",
                "abcdefghijklmnopqrstuvwxyz"
            })
    void aWeakOneIsRefusedUnlessItIsAllowed(String text) throws Exception {
        assertThatThrownBy(() -> ClusterSecret.parse(text, false))
                .isInstanceOf(SecretException.class)
                .hasMessageStartingWith("cluster-secret: it is weak")
                .hasMessageContaining("scrimp secret")
                .hasMessageContaining("allow-weak-secret")
                .hasMessageNotContaining(text);
        assertThat(ClusterSecret.parse(text, true).reveal()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"correct horse battery staple", "77329018465520398174", "Grüße aus der schönen Röhn"})
    void oneOfAPersonsOwnIsTaken(String text) throws Exception {
        assertThat(ClusterSecret.parse(text + "\n", false).reveal()).isEqualTo(text);
    }

    @Test
    void theUnicodeFormOfOnesOwnDoesNotMatter() throws Exception {
        assertThat(ClusterSecret.parse("Gru\u0308ße aus der schönen Röhn", false))
                .isEqualTo(ClusterSecret.parse("Gr\u00fcße aus der schönen Röhn", false));
    }

    @Test
    void whatIsNoSecretAtAllIsRefusedEvenIfWeakOnesAreAllowed() {
        String token = JoinToken.create(ClusterSecret.generate(), Role.BACKEND, Claims.UNLIMITED, Instant.EPOCH)
                .reveal();
        for (String text :
                new String[] {"", " \n", "two\nlines of text that are long enough", "x".repeat(1025), token}) {
            assertThatThrownBy(() -> ClusterSecret.parse(text, true))
                    .isInstanceOf(SecretException.class)
                    .hasMessageStartingWith("cluster-secret: ");
        }
    }

    @Test
    void itsTextDoesNotShow() throws Exception {
        assertThat(ClusterSecret.parse("correct horse battery staple", false)).hasToString("ClusterSecret[masked]");
        assertThat(ClusterSecret.generate()).hasToString("ClusterSecret[masked]");
    }

    /** Computed apart from this program, with Python's hashlib, so that no version may change what a secret means. */
    @Test
    void whatASecretMeansStaysAsItIs() throws Exception {
        assertThat(HexFormat.of()
                        .formatHex(ClusterSecret.parse("Grüße aus der schönen Röhn", false)
                                .keyingMaterial()))
                .isEqualTo("6f6e35248dc6741390f5c70a92f2bc527c698776cb84291cddaac1a84e9a7d57");
        assertThat(authority("Grüße aus der schönen Röhn"))
                .isEqualTo(
                        "386481742ccbf06235ce0e62ee782b8dca9aaa307c717df84c05cc5540f5393aa24e9ea7d4a2d2b0a2375a016858d60f039f9ae1ef31dc95bca1d4dd11ab83d7");
        assertThat(authority("scrimp-secret-3ahrz6dmv29gqy5ckt18fpx4bj74z5"))
                .isEqualTo(
                        "3be548637dcc6b32bc54c2f6f5d5beb4daa1ee3b2fcea1756dfc3a1818a9699322a506bf7ad833af4de45d97b9740fa53166844620900644f42eec390c4df20b");
    }

    /** RFC 5869, A.1 and A.2. */
    @Test
    void hkdfIsThatOfTheRfc() {
        byte[] input = HexFormat.of().parseHex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
        byte[] salt = HexFormat.of().parseHex("000102030405060708090a0b0c");
        byte[] info = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9");

        assertThat(HexFormat.of().formatHex(Hkdf.derive(salt, input, info, 42)))
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
        assertThat(HexFormat.of().formatHex(Hkdf.derive(range(0x60, 80), range(0x00, 80), range(0xb0, 80), 82)))
                .isEqualTo("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e5"
                        + "90e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
    }

    private static String authority(String secret) throws SecretException {
        return HexFormat.of()
                .formatHex(P256.point(
                        Issuer.authorityKey(ClusterSecret.parse(secret, false)).getPublic()));
    }

    private static byte[] range(int from, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    private static ClusterSecret withZeroAndOne() {
        while (true) {
            ClusterSecret secret = ClusterSecret.generate();
            String body = secret.reveal().substring(ClusterSecret.PREFIX.length());
            if (body.contains("0") && body.contains("1")) {
                return secret;
            }
        }
    }

    private static boolean spelledAlike(char a, char b) {
        return plain(a) == plain(b) || Character.toLowerCase(a) == Character.toLowerCase(b);
    }

    private static char plain(char c) {
        return switch (Character.toLowerCase(c)) {
            case 'o' -> '0';
            case 'i', 'l' -> '1';
            default -> Character.toLowerCase(c);
        };
    }

    private static void assertTypingError(String text) {
        assertThatThrownBy(() -> ClusterSecret.parse(text, true))
                .as(text)
                .isInstanceOf(SecretException.class)
                .hasMessageStartingWith("cluster-secret: typing error")
                .hasMessageNotContaining(text);
    }

    @Test
    void nameOfAFileIsNoSecret() {
        assertThatThrownBy(() -> ClusterSecret.parse("/etc/scrimplb/cluster-secret", false))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("looks like the name of a file")
                .hasMessageContaining("_FILE");
    }
}
