package io.scrimplb.membership.trust;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * Who can sign certificates: the cluster's authority, or the holder of a token.
 *
 * @param name as in the certificates that it signs
 * @param key never shown
 */
record Issuer(X500Principal name, PrivateKey key) {
    private static final String DERIVATION_SALT = "scrimp-lb cluster authority v1";
    private static final String DERIVATION_INFO = "P-256 scalar";

    /**
     * The authority of a cluster: the same key from the same secret, in every process and on every JDK. HKDF makes the
     * seed of its scalar. Takes up to half a second for a secret of a person's own.
     */
    static KeyPair authorityKey(ClusterSecret secret) {
        byte[] material = secret.keyingMaterial();
        byte[] seed = Hkdf.derive(DERIVATION_SALT, material, DERIVATION_INFO, P256.SCALAR_SEED_BYTES);
        try {
            return P256.derive(seed);
        } finally {
            Arrays.fill(material, (byte) 0);
            Arrays.fill(seed, (byte) 0);
        }
    }

    X509Certificate issue(PublicKey subject, Optional<GrantExtension> extension) {
        return CertificateWriter.signed(
                this, CertificateWriter.name(Authority.shortFingerprint(subject)), subject, extension);
    }

    @Override
    public String toString() {
        return "Issuer[" + name + "]";
    }
}
