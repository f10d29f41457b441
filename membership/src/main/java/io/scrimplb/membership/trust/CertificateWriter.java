package io.scrimplb.membership.trust;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.x500.X500Principal;

/**
 * Makes X.509 certificates (RFC 5280, 4.1) of version 3 with what our chains need and no more. The JDK can read them but
 * has no public way to make them. Stateless.
 */
final class CertificateWriter {
    /** ecdsa-with-SHA256 (RFC 5758, 3.2); no parameters. */
    static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    /** id-alg-unsigned (RFC 9925, 3). */
    private static final String UNSIGNED = "1.3.6.1.5.5.7.6.36";

    private static final String COMMON_NAME = "2.5.4.3";
    /** The number that stands for version 3. */
    private static final BigInteger VERSION_3 = BigInteger.TWO;
    /** RFC 5280, 4.1.2.2: positive, at most 20 bytes. Nobody reads it; it keeps certificates different. */
    private static final int SERIAL_BITS = 127;
    /**
     * From the epoch to 'no end' (RFC 5280, 4.1.2.5). Nobody checks them: every holder of the secret can make a new
     * certificate at any time, and hosts have wrong clocks.
     */
    private static final String NOT_BEFORE = "700101000000Z";

    private static final String NOT_AFTER = "99991231235959Z";
    private static final int EXTENSIONS_TAG = 3;

    private CertificateWriter() {}

    /** A certificate that proves what the extension says about the holder of the key. */
    static X509Certificate signed(
            Issuer issuer, X500Principal subject, PublicKey key, Optional<GrantExtension> extension) {
        byte[] toBeSigned = toBeSigned(issuer.name(), subject, key, ECDSA_SHA256, extension);
        return parsed(assembled(toBeSigned, ECDSA_SHA256, P256.sign(issuer.key(), toBeSigned)));
    }

    /** A certificate that proves nothing: the form that a trust anchor has (RFC 9925, 3). */
    static X509Certificate unsigned(X500Principal name, PublicKey key) {
        byte[] toBeSigned = toBeSigned(name, name, key, UNSIGNED, Optional.empty());
        return parsed(assembled(toBeSigned, UNSIGNED, new byte[0]));
    }

    static X500Principal name(String commonName) {
        return new X500Principal(DerWriter.bytesOf(name -> name.sequence(parts ->
                parts.set(part -> part.sequence(pair -> pair.oid(COMMON_NAME).utf8(commonName))))));
    }

    /**
     * The reverse of {@link X509Certificate#getEncoded()}, for bytes from anybody.
     *
     * @throws CertificateException when they are not exactly one certificate in DER
     */
    static X509Certificate read(byte[] der) throws CertificateException {
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            // The factory also takes PEM and bytes behind the end.
            if (!Arrays.equals(certificate.getEncoded(), der)) {
                throw new CertificateException("it is not one certificate in DER");
            }
            return certificate;
        } catch (RuntimeException e) {
            throw new CertificateException("it is not a certificate", e);
        }
    }

    private static byte[] toBeSigned(
            X500Principal issuer,
            X500Principal subject,
            PublicKey key,
            String algorithm,
            Optional<GrantExtension> extension) {
        Consumer<DerWriter> fields = certificate -> {
            certificate
                    .explicit(0, version -> version.integer(VERSION_3))
                    .integer(new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1))
                    .sequence(identifier -> identifier.oid(algorithm))
                    .encoded(issuer.getEncoded())
                    .sequence(validity -> validity.utcTime(NOT_BEFORE).generalizedTime(NOT_AFTER))
                    .encoded(subject.getEncoded())
                    .encoded(key.getEncoded());
            extension.ifPresent(grant -> certificate.explicit(
                    EXTENSIONS_TAG,
                    extensions -> extensions.sequence(list ->
                            list.sequence(one -> one.oid(GrantExtension.OID).octetString(grant.encoded())))));
        };
        return DerWriter.bytesOf(writer -> writer.sequence(fields));
    }

    private static byte[] assembled(byte[] toBeSigned, String algorithm, byte[] signature) {
        return DerWriter.bytesOf(writer -> writer.sequence(certificate -> certificate
                .encoded(toBeSigned)
                .sequence(identifier -> identifier.oid(algorithm))
                .bitString(signature)));
    }

    private static X509Certificate parsed(byte[] der) {
        try {
            return read(der);
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate of our own cannot be read", e);
        }
    }
}
