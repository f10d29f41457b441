package io.scrimplb.app.acme;

import io.scrimplb.membership.trust.DerWriter;
import io.scrimplb.proxy.spec.CertificateSpec;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * What an authority is shown over {@code acme-tls/1}: a certificate of a fresh key, signed by itself, for exactly one host, with
 * a critical extension that holds what the authority expects (RFC 8737, 3). Each load balancer makes its own, so that no key of
 * it travels.
 */
final class AlpnCertificate {
    /** Bytes of what the authority expects: SHA-256 of the key authorization. */
    static final int VALIDATION_BYTES = 32;

    private static final String ACME_IDENTIFIER = "1.3.6.1.5.5.7.1.31";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final String COMMON_NAME = "2.5.4.3";
    private static final BigInteger VERSION_3 = BigInteger.TWO;
    private static final int SERIAL_BITS = 127;
    private static final int EXTENSIONS_TAG = 3;
    /** Longer than any authority takes; clocks differ. */
    private static final Duration VALID = Duration.ofDays(7);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private AlpnCertificate() {}

    /**
     * @param validation {@value #VALIDATION_BYTES} bytes
     */
    static CertificateSpec of(String host, byte[] validation, Instant now) {
        KeyPair pair = EcKeys.generate();
        byte[] name = DerWriter.bytesOf(writer -> writer.sequence(parts -> parts.set(
                part -> part.sequence(pairOf -> pairOf.oid(COMMON_NAME).utf8("ACME challenge")))));
        byte[] expected = DerWriter.bytesOf(writer -> writer.octetString(validation));
        byte[] toBeSigned = DerWriter.bytesOf(writer -> writer.sequence(certificate -> certificate
                .explicit(0, version -> version.integer(VERSION_3))
                .integer(new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1))
                .sequence(algorithm -> algorithm.oid(EcKeys.ECDSA_SHA256))
                .encoded(name)
                .sequence(validity ->
                        validity.utcTime(TIME.format(now.minus(VALID))).utcTime(TIME.format(now.plus(VALID))))
                .encoded(name)
                .encoded(pair.getPublic().getEncoded())
                .explicit(
                        EXTENSIONS_TAG,
                        extensions ->
                                extensions.sequence(list -> list.sequence(names -> names.oid(SUBJECT_ALTERNATIVE_NAME)
                                                .octetString(CertificateRequest.alternativeNames(host)))
                                        .sequence(identifier -> identifier
                                                .oid(ACME_IDENTIFIER)
                                                .bool(true)
                                                .octetString(expected))))));
        byte[] signature = EcKeys.sign(pair.getPrivate(), toBeSigned);
        byte[] der = DerWriter.bytesOf(writer -> writer.sequence(certificate -> certificate
                .encoded(toBeSigned)
                .sequence(algorithm -> algorithm.oid(EcKeys.ECDSA_SHA256))
                .bitString(signature)));
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return new CertificateSpec("challenge for " + host, List.of(certificate), pair.getPrivate());
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate of our own cannot be read", e);
        }
    }
}
