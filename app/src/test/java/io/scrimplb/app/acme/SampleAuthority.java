package io.scrimplb.app.acme;

import io.scrimplb.app.certificates.EcKeys;
import io.scrimplb.membership.trust.DerWriter;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;

/** Signs certificates for tests, with any dates. */
final class SampleAuthority {
    private static final int IP_ADDRESS = 0x87;
    private static final int DNS_NAME = 0x82;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final KeyPair pair = EcKeys.generate();

    IssuedCertificate issue(String host, Instant from, Instant until) {
        KeyPair own = EcKeys.generate();
        try {
            return IssuedCertificate.checked(host, List.of(certificate(host, own, from, until)), own.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One of a server at an address, signed by itself. */
    X509Certificate selfSigned(byte[] address, KeyPair own, Instant from, Instant until) {
        return certificate(IP_ADDRESS, address, own, own, from, until);
    }

    X509Certificate certificate(String host, KeyPair own, Instant from, Instant until) {
        return certificate(DNS_NAME, host.getBytes(StandardCharsets.US_ASCII), own, pair, from, until);
    }

    private static X509Certificate certificate(
            int kind, byte[] host, KeyPair own, KeyPair issuer, Instant from, Instant until) {
        byte[] name = DerWriter.bytesOf(writer -> writer.sequence(parts ->
                parts.set(part -> part.sequence(one -> one.oid("2.5.4.3").utf8("tests")))));
        byte[] names = DerWriter.bytesOf(writer -> writer.sequence(list -> list.value(kind, host)));
        byte[] keyIdentifier = DerWriter.bytesOf(writer -> writer.sequence(
                part -> part.value(0x80, HexFormat.of().parseHex("69885b6b87464041e1b37b847ba0ae2cde01c8d4"))));
        byte[] info = DerWriter.bytesOf(writer -> writer.sequence(certificate -> certificate
                .explicit(0, version -> version.integer(BigInteger.TWO))
                .integer(new BigInteger(63, new SecureRandom()).setBit(62))
                .sequence(algorithm -> algorithm.oid(EcKeys.ECDSA_SHA256))
                .encoded(name)
                .sequence(dates -> dates.utcTime(TIME.format(from)).utcTime(TIME.format(until)))
                .encoded(name)
                .encoded(own.getPublic().getEncoded())
                .explicit(
                        3,
                        extensions -> extensions.sequence(list -> list.sequence(
                                        one -> one.oid("2.5.29.17").octetString(names))
                                .sequence(one -> one.oid("2.5.29.35").octetString(keyIdentifier))))));
        byte[] signature = EcKeys.sign(issuer.getPrivate(), info);
        byte[] der = DerWriter.bytesOf(writer -> writer.sequence(certificate -> certificate
                .encoded(info)
                .sequence(algorithm -> algorithm.oid(EcKeys.ECDSA_SHA256))
                .bitString(signature)));
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
