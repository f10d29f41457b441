package io.scrimplb.membership.trust;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** Makes certificates as nobody of ours does. */
final class Forge {
    static final String RSA_SHA256 = "1.2.840.113549.1.1.11";

    private final X500Principal issuer;
    private final PrivateKey issuerKey;
    private X500Principal subject = CertificateWriter.name("anybody");
    private Optional<byte[]> extension = Optional.empty();
    private String algorithm = CertificateWriter.ECDSA_SHA256;
    private String notBefore = "20260101000000Z";
    private String notAfter = "20270101000000Z";
    private boolean versioned = true;

    private Forge(X500Principal issuer, PrivateKey issuerKey) {
        this.issuer = issuer;
        this.issuerKey = issuerKey;
    }

    static Forge by(X500Principal issuer, PrivateKey key) {
        return new Forge(issuer, key);
    }

    static Forge by(Issuer issuer) {
        return new Forge(issuer.name(), issuer.key());
    }

    Forge subject(X500Principal name) {
        subject = name;
        return this;
    }

    Forge granting(GrantExtension.Kind kind, Grant grant) {
        return extension(new GrantExtension(kind, grant).encoded());
    }

    Forge json(String json) {
        return extension(DerWriter.bytesOf(writer -> writer.utf8(json)));
    }

    Forge extension(byte[] content) {
        extension = Optional.of(content);
        return this;
    }

    Forge algorithm(String oid) {
        algorithm = oid;
        return this;
    }

    Forge valid(String from, String until) {
        notBefore = from;
        notAfter = until;
        return this;
    }

    Forge version1() {
        versioned = false;
        return this;
    }

    /** With a signature that does not hold, and costs nothing. */
    X509Certificate unsignedForKey(PublicKey key) throws GeneralSecurityException {
        return assembled(toBeSigned(key), new byte[0]);
    }

    X509Certificate forKey(PublicKey key) throws GeneralSecurityException {
        byte[] toBeSigned = toBeSigned(key);
        Signature signer = Signature.getInstance(RSA_SHA256.equals(algorithm) ? "SHA256withRSA" : "SHA256withECDSA");
        signer.initSign(issuerKey);
        signer.update(toBeSigned);
        return assembled(toBeSigned, signer.sign());
    }

    private byte[] toBeSigned(PublicKey key) {
        return DerWriter.bytesOf(writer -> writer.sequence(fields -> {
            if (versioned) {
                fields.explicit(0, version -> version.integer(BigInteger.TWO));
            }
            fields.integer(BigInteger.valueOf(4711))
                    .sequence(identifier -> identifier.oid(algorithm))
                    .encoded(issuer.getEncoded())
                    .sequence(validity -> validity.generalizedTime(notBefore).generalizedTime(notAfter))
                    .encoded(subject.getEncoded())
                    .encoded(key.getEncoded());
            extension.ifPresent(content -> fields.explicit(
                    3,
                    extensions -> extensions.sequence(list ->
                            list.sequence(one -> one.oid(GrantExtension.OID).octetString(content)))));
        }));
    }

    private X509Certificate assembled(byte[] toBeSigned, byte[] signature) throws GeneralSecurityException {
        return CertificateWriter.read(DerWriter.bytesOf(writer -> writer.sequence(certificate -> certificate
                .encoded(toBeSigned)
                .sequence(identifier -> identifier.oid(algorithm))
                .bitString(signature))));
    }

    static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    static KeyPair p384() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        return generator.generateKeyPair();
    }

    /** A certificate in which one run of characters stands in place of another of the same length. */
    static X509Certificate altered(X509Certificate certificate, String from, String to)
            throws GeneralSecurityException {
        String bytes = new String(certificate.getEncoded(), StandardCharsets.ISO_8859_1);
        return CertificateWriter.read(bytes.replace(from, to).getBytes(StandardCharsets.ISO_8859_1));
    }
}
