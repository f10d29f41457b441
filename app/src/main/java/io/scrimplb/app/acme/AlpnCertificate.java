package io.scrimplb.app.acme;

import io.scrimplb.app.certificates.SelfSignedCertificate;
import io.scrimplb.membership.trust.DerWriter;
import io.scrimplb.proxy.spec.CertificateSpec;
import java.time.Duration;
import java.time.Instant;

/**
 * What an authority is shown over {@code acme-tls/1}: a certificate of a fresh key, signed by itself, for exactly one host, with
 * a critical extension that holds what the authority expects (RFC 8737, 3). Each load balancer makes its own, so that no key of
 * it travels.
 */
final class AlpnCertificate {
    /** Bytes of what the authority expects: SHA-256 of the key authorization. */
    static final int VALIDATION_BYTES = 32;

    private static final String ACME_IDENTIFIER = "1.3.6.1.5.5.7.1.31";
    /** Longer than any authority takes; clocks differ. */
    private static final Duration VALID = Duration.ofDays(7);

    private AlpnCertificate() {}

    /**
     * @param validation {@value #VALIDATION_BYTES} bytes
     */
    static CertificateSpec of(String host, byte[] validation, Instant now) {
        byte[] expected = DerWriter.bytesOf(writer -> writer.octetString(validation));
        return SelfSignedCertificate.make(
                "challenge for " + host,
                "ACME challenge",
                host,
                now.minus(VALID),
                now.plus(VALID),
                extensions -> extensions.sequence(
                        identifier -> identifier.oid(ACME_IDENTIFIER).bool(true).octetString(expected)));
    }
}
