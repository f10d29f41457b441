package io.scrimplb.app.certificates;

import io.scrimplb.membership.trust.DerWriter;
import io.scrimplb.proxy.spec.CertificateSpec;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Consumer;

/** Certificates of a fresh key, each signed by itself, for one host (RFC 5280, 4.1). Stateless. */
public final class SelfSignedCertificate {
    /** subjectAltName (RFC 5280, 4.2.1.6). */
    public static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

    /** Its dNSName: context-specific, primitive. */
    private static final int DNS_NAME = 0x82;

    private static final String COMMON_NAME = "2.5.4.3";
    private static final BigInteger VERSION_3 = BigInteger.TWO;
    private static final int SERIAL_BITS = 127;
    private static final int EXTENSIONS = 3;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private SelfSignedCertificate() {}

    /**
     * A new one; takes some milliseconds.
     *
     * @param name of the specification
     * @param commonName of subject and issuer
     * @param moreExtensions writes those that stand behind the name of the host
     */
    public static CertificateSpec make(
            String name,
            String commonName,
            String host,
            Instant from,
            Instant until,
            Consumer<DerWriter> moreExtensions) {
        KeyPair pair = EcKeys.generate();
        byte[] subject = DerWriter.bytesOf(writer -> writer.sequence(parts ->
                parts.set(part -> part.sequence(one -> one.oid(COMMON_NAME).utf8(commonName)))));
        byte[] extensions = DerWriter.bytesOf(writer -> {
            writer.sequence(names -> names.oid(SUBJECT_ALTERNATIVE_NAME).octetString(alternativeNames(host)));
            moreExtensions.accept(writer);
        });
        byte[] toBeSigned = DerWriter.bytesOf(writer -> writer.sequence(certificate -> certificate
                .explicit(0, version -> version.integer(VERSION_3))
                .integer(new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1))
                .sequence(algorithm -> algorithm.oid(EcKeys.ECDSA_SHA256))
                .encoded(subject)
                .sequence(validity -> time(time(validity, from), until))
                .encoded(subject)
                .encoded(pair.getPublic().getEncoded())
                .explicit(EXTENSIONS, all -> all.sequence(list -> list.encoded(extensions)))));
        byte[] signature = EcKeys.sign(pair.getPrivate(), toBeSigned);
        byte[] der = DerWriter.bytesOf(writer -> writer.sequence(certificate -> certificate
                .encoded(toBeSigned)
                .sequence(algorithm -> algorithm.oid(EcKeys.ECDSA_SHA256))
                .bitString(signature)));
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return new CertificateSpec(name, List.of(certificate), pair.getPrivate());
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate of our own cannot be read", e);
        }
    }

    /** The value of a subjectAltName of one host, in DER. */
    public static byte[] alternativeNames(String host) {
        return DerWriter.bytesOf(
                writer -> writer.sequence(names -> names.value(DNS_NAME, host.getBytes(StandardCharsets.US_ASCII))));
    }

    /** RFC 5280, 4.1.2.5: two digits of the year until 2049. */
    private static DerWriter time(DerWriter writer, Instant instant) {
        String text = TIME.format(instant);
        return text.compareTo("2050") < 0 ? writer.utcTime(text.substring(2)) : writer.generalizedTime(text);
    }
}
