package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Who can read what travels between load balancers. */
class SealedBoxTest {
    private final SealedBox reader = new SealedBox();

    @Test
    void onlyTheReaderOpensItAndOnlyForWhatItIs() throws Exception {
        String sealed = SealedBox.seal(key(reader), "shop.example.com", "a private key");

        assertThat(reader.open("shop.example.com", sealed)).isEqualTo("a private key");
        assertThat(new String(Base64.getDecoder().decode(sealed), StandardCharsets.ISO_8859_1))
                .doesNotContain("private");
        assertThatThrownBy(() -> reader.open("other.example.com", sealed)).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> new SealedBox().open("shop.example.com", sealed))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void noBitOfItCanBeChanged() throws Exception {
        byte[] sealed = Base64.getDecoder().decode(SealedBox.seal(key(reader), "x", "secret"));
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> reader.open("x", Base64.getEncoder().encodeToString(changed)))
                    .as("byte %s", i)
                    .isInstanceOf(GeneralSecurityException.class);
        }
    }

    @Test
    void whatIsNoSealedTextIsRefusedWithTheDeclaredException() {
        for (String text : new String[] {"", "%", "AA==", "BAAA", "//8="}) {
            assertThatThrownBy(() -> reader.open("x", text)).isInstanceOf(GeneralSecurityException.class);
            assertThatThrownBy(() -> SealedBox.publicKey(text)).isInstanceOf(GeneralSecurityException.class);
        }
    }

    private static PublicKey key(SealedBox box) throws GeneralSecurityException {
        return SealedBox.publicKey(box.publicKey());
    }
}
