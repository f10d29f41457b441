package io.scrimplb.app.certificates;

import io.scrimplb.membership.trust.DerWriter;
import io.scrimplb.proxy.spec.CertificateSpec;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * The certificate that a listener shows when there is no better one: a new key of its own, signed by itself, for
 * {@code localhost} (RFC 5280, 4.1). Clients that are not told otherwise refuse it, and shall.
 */
final class SelfSigned {
    /** What problems and status call it. */
    static final String NAME = "self-signed";

    /** Longer than any process runs. */
    private static final Duration LIFETIME = Duration.ofDays(3650);
    /** Clients whose clocks are a bit slow shall have one objection, not two. */
    private static final Duration BEFORE = Duration.ofDays(1);

    private static final int SERIAL_BITS = 127;
    private static final BigInteger VERSION_3 = BigInteger.TWO;
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    /** dNSName: context-specific, primitive (RFC 5280, 4.2.1.6). */
    private static final int DNS_NAME = 0x82;

    private static final int EXTENSIONS = 3;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private SelfSigned() {}

    static CertificateSpec make(Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] toBeSigned = toBeSigned(pair, now);
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(pair.getPrivate());
            signer.update(toBeSigned);
            byte[] signature = signer.sign();
            byte[] der = DerWriter.bytesOf(writer -> writer.sequence(certificate -> certificate
                    .encoded(toBeSigned)
                    .sequence(algorithm -> algorithm.oid(ECDSA_SHA256))
                    .bitString(signature)));
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return new CertificateSpec(NAME, List.of(certificate), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make a certificate with P-256 (jdk.crypto.ec)", e);
        }
    }

    private static byte[] toBeSigned(KeyPair pair, Instant now) {
        byte[] name = DerWriter.bytesOf(writer -> writer.sequence(parts ->
                parts.set(part -> part.sequence(one -> one.oid(COMMON_NAME).utf8("Scrimp LB, self-signed")))));
        byte[] hosts = DerWriter.bytesOf(writer ->
                writer.sequence(list -> list.value(DNS_NAME, "localhost".getBytes(StandardCharsets.US_ASCII))));
        return DerWriter.bytesOf(writer -> writer.sequence(certificate -> certificate
                .explicit(0, version -> version.integer(VERSION_3))
                .integer(new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1))
                .sequence(algorithm -> algorithm.oid(ECDSA_SHA256))
                .encoded(name)
                .sequence(validity -> time(validity, now.minus(BEFORE)).encoded(end(now)))
                .encoded(name)
                .encoded(pair.getPublic().getEncoded())
                .explicit(
                        EXTENSIONS,
                        extensions -> extensions.sequence(list -> list.sequence(
                                one -> one.oid(SUBJECT_ALTERNATIVE_NAME).octetString(hosts))))));
    }

    private static byte[] end(Instant now) {
        return DerWriter.bytesOf(writer -> time(writer, now.plus(LIFETIME)));
    }

    /** RFC 5280, 4.1.2.5: two digits of the year until 2049. */
    private static DerWriter time(DerWriter writer, Instant instant) {
        String text = TIME.format(instant);
        return text.compareTo("2050") < 0 ? writer.utcTime(text.substring(2)) : writer.generalizedTime(text);
    }
}
