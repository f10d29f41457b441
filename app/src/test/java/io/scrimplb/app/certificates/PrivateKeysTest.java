package io.scrimplb.app.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrimplb.membership.trust.DerWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample files were written by OpenSSL 3.0. */
@Timeout(30)
class PrivateKeysTest {
    static byte[] sample(String name) throws IOException {
        return Files.readAllBytes(Path.of("src", "test", "resources", "certificates", name));
    }

    private static String text(String name) throws IOException {
        return new String(sample(name), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "sec1.pem, ec-with-text.pem",
        "sec1-with-parameters.pem, none",
        "pkcs8-ec.pem, ec-with-text.pem",
        "pkcs1.pem, rsa.pem",
        "pkcs8-rsa.pem, rsa.pem"
    })
    void everyUsualFormOfAKeyIsRead(String key, String certificate) throws Exception {
        PrivateKey read = PrivateKeys.read(sample(key));
        if (!certificate.equals("none")) {
            assertThat(PrivateKeys.belongTogether(
                            read,
                            CertificateChains.read(sample(certificate)).get(0).getPublicKey()))
                    .isTrue();
        }
        assertThat(PrivateKeys.belongTogether(read, TestAuthority.keyPair().getPublic()))
                .isFalse();
    }

    @Test
    void aKeyThatNamesItsCurveOnlyInTheBlockBeforeItIsRead() throws Exception {
        ECPrivateKey key = (ECPrivateKey) PrivateKeys.read(sample("sec1.pem"));
        byte[] scalar = new byte[32];
        byte[] magnitude = key.getS().toByteArray();
        int length = Math.min(32, magnitude.length);
        System.arraycopy(magnitude, magnitude.length - length, scalar, 32 - length, length);
        byte[] bare = DerWriter.bytesOf(
                writer -> writer.sequence(body -> body.integer(BigInteger.ONE).octetString(scalar)));
        String block = TestAuthority.pem("EC PRIVATE KEY", bare);
        String parameters = text("sec1-with-parameters.pem").replaceAll("(?s)-----BEGIN EC PRIVATE.*", "");

        assertThat(((ECPrivateKey) PrivateKeys.read(bytes(parameters + block))).getS())
                .isEqualTo(key.getS());
        assertThatThrownBy(() -> PrivateKeys.read(bytes(block)))
                .isInstanceOf(PemException.class)
                .hasMessageContaining("cannot be used");
    }

    @ParameterizedTest
    @ValueSource(strings = {"encrypted-pkcs8.pem", "encrypted-pkcs1.pem"})
    void anEncryptedKeyIsRefusedWithWhatToDo(String name) {
        assertThatThrownBy(() -> PrivateKeys.read(sample(name)))
                .isInstanceOf(PemException.class)
                .hasMessageContaining("encrypted")
                .hasMessageContaining("openssl pkey");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519.pem", "secp256k1.pem", "explicit-curve.pem"})
    void aKeyThatNoListenerCanUseIsRefused(String name) {
        assertThatThrownBy(() -> PrivateKeys.read(sample(name)))
                .isInstanceOf(PemException.class)
                .hasMessageContaining("cannot be used");
    }

    @Test
    void whatStandsAroundTheBlocksIsNoMatter() throws Exception {
        PrivateKey key = PrivateKeys.read(sample("pkcs1.pem"));
        String mail =
                "\ufeffHello,\r\nhere is the key:\r\n\r\n" + text("pkcs1.pem").replace("\n", " \r\n") + "\r\nBye\r\n";

        assertThat(PrivateKeys.read(bytes(mail))).isEqualTo(key);
        assertThat(PrivateKeys.read(bytes(text("rsa.pem") + mail))).isEqualTo(key);
    }

    @Test
    void whatIsNoKeyIsSaidSo() throws Exception {
        assertThatThrownBy(() -> PrivateKeys.read(bytes("hello"))).hasMessageContaining("no PEM file");
        assertThatThrownBy(() -> PrivateKeys.read(sample("rsa.pem"))).hasMessageContaining("holds no private key");
        assertThatThrownBy(() -> PrivateKeys.read(bytes(text("pkcs1.pem") + text("sec1.pem"))))
                .hasMessageContaining("more than one private key");
        String half = text("pkcs1.pem").substring(0, 800);
        assertThatThrownBy(() -> PrivateKeys.read(bytes(half))).hasMessageContaining("does not end");
        assertThatThrownBy(() -> PrivateKeys.read(new byte[Pem.MAX_BYTES + 1])).hasMessageContaining("256 KiB");
    }

    @Test
    void damageIsRefusedAndNeverShown() throws Exception {
        Random random = new Random(42);
        for (String name : new String[] {"pkcs1.pem", "sec1.pem", "pkcs8-ec.pem", "pkcs8-rsa.pem"}) {
            byte[] good = sample(name);
            String secret = text(name).split("\n")[1].substring(20, 40);
            for (int i = 0; i < 300; i++) {
                byte[] damaged = good.clone();
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                try {
                    PrivateKeys.read(damaged);
                } catch (PemException e) {
                    assertThat(e.getMessage()).doesNotContain(secret);
                }
            }
        }
    }
}
