package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 8737, 3. */
class AlpnCertificateTest {
    @Test
    void holdsOneHostAndTheCriticalExtensionWithTheDigest() throws Exception {
        byte[] digest = new byte[AlpnCertificate.VALIDATION_BYTES];
        Arrays.fill(digest, (byte) 7);
        Instant now = Instant.now();

        X509Certificate certificate =
                AlpnCertificate.of("shop.example.com", digest, now).chain().get(0);

        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity(Date.from(now));
        assertThat(certificate.getSubjectAlternativeNames()).containsExactly(List.of(2, "shop.example.com"));
        assertThat(certificate.getCriticalExtensionOIDs()).containsExactly("1.3.6.1.5.5.7.1.31");
        // An OCTET STRING within the OCTET STRING that every extension is.
        byte[] value = certificate.getExtensionValue("1.3.6.1.5.5.7.1.31");
        assertThat(Arrays.copyOf(value, 4)).containsExactly(4, 34, 4, 32);
        assertThat(Arrays.copyOfRange(value, 4, value.length)).isEqualTo(digest);
    }

    @Test
    void datesAfter2049AreReadAsTheyAreMeant() throws Exception {
        Instant now = Instant.parse("2050-06-01T00:00:00Z");

        X509Certificate certificate = AlpnCertificate.of(
                        "shop.example.com", new byte[AlpnCertificate.VALIDATION_BYTES], now)
                .chain()
                .get(0);

        certificate.checkValidity(Date.from(now));
    }

    @Test
    void renewalNameIsTheIssuersKeyAndTheSerialNumber() {
        X509Certificate leaf = new SampleAuthority()
                .issue("shop.example.com", Instant.now(), Instant.now().plusSeconds(60))
                .leaf();

        // The key identifier of RFC 9773's own example, 4.1.
        assertThat(Authority.renewalName(leaf).orElseThrow())
                .startsWith("aYhba4dGQEHhs3uEe6CuLN4ByNQ.")
                .matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    }
}
