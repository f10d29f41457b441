package io.scrimplb.app.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CertificateChainsTest {
    private final TestAuthority root = TestAuthority.root("root");
    private final TestAuthority upper = root.intermediate("upper");
    private final TestAuthority lower = upper.intermediate("lower");
    private final TestAuthority.Issued issued = lower.issue("a.example.com");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private CertificateChains.Ordered ordered(X509Certificate... there) throws PemException {
        return CertificateChains.ordered(
                        CertificateChains.read(bytes(TestAuthority.pem(there))),
                        issued.pair().getPrivate())
                .orElseThrow();
    }

    @Test
    void aChainInOrderStaysAsItIs() throws Exception {
        CertificateChains.Ordered chain =
                ordered(issued.leaf(), lower.certificate(), upper.certificate(), root.certificate());
        assertThat(chain.rearranged()).isFalse();
        assertThat(chain.certificates()).hasSize(4);
    }

    @Test
    void aChainInAnyOtherOrderIsPutRight() throws Exception {
        CertificateChains.Ordered chain = ordered(upper.certificate(), issued.leaf(), lower.certificate());
        assertThat(chain.rearranged()).isTrue();
        assertThat(chain.certificates()).containsExactly(issued.leaf(), lower.certificate(), upper.certificate());
    }

    @Test
    void whatDoesNotBelongToTheChainIsLeftOut() throws Exception {
        // Of the same name as the true issuer, with another key.
        TestAuthority renewed = upper.intermediate("lower");
        TestAuthority.Issued other = lower.issue("b.example.com");
        CertificateChains.Ordered chain =
                ordered(issued.leaf(), renewed.certificate(), other.leaf(), lower.certificate(), lower.certificate());
        assertThat(chain.rearranged()).isTrue();
        assertThat(chain.certificates()).containsExactly(issued.leaf(), lower.certificate());
    }

    @Test
    void aKeyThatFitsNoneOfThemFindsNoChain() throws Exception {
        assertThat(CertificateChains.ordered(
                        List.of(issued.leaf(), lower.certificate()),
                        root.issue("x").pair().getPrivate()))
                .isEmpty();
    }

    @Test
    void theTextThatOpenSslPutsBeforeACertificateIsNoMatter() throws Exception {
        List<X509Certificate> read = CertificateChains.read(PrivateKeysTest.sample("ec-with-text.pem"));
        assertThat(read).hasSize(1);
        assertThat(CertificateNames.hosts(read.get(0))).containsExactly("ec.test", "*.ec.test", "127.0.0.1");
    }

    @Test
    void whatIsNoCertificateIsSaidSo() {
        assertThatThrownBy(() -> CertificateChains.read(bytes("hello"))).hasMessageContaining("no PEM file");
        assertThatThrownBy(() -> CertificateChains.read(bytes(issued.keyPem()))).hasMessageContaining("no certificate");
        assertThatThrownBy(() -> CertificateChains.read(bytes(TestAuthority.pem("CERTIFICATE", new byte[] {0x30, 1}))))
                .hasMessageContaining("damaged");
        assertThatThrownBy(() -> CertificateChains.read(
                        bytes("-----BEGIN TRUSTED CERTIFICATE-----\nMAA=\n-----END TRUSTED CERTIFICATE-----\n")))
                .hasMessageContaining("openssl x509");
    }
}
