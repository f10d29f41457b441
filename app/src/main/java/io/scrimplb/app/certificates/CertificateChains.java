package io.scrimplb.app.certificates;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The certificates of PEM files, and the order in which a server shows them (RFC 8446, 4.4.2). */
public final class CertificateChains {
    /** Clients refuse chains of more than some ten. */
    private static final int MAX_CHAIN = 20;

    private CertificateChains() {}

    /** Authorities from PEM text; each counts for itself, whatever the order. */
    public static List<X509Certificate> authorities(String pem) throws PemException {
        return read(pem.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** All certificates of a file, each once, in its order; at least one. */
    public static List<X509Certificate> read(byte[] file) throws PemException {
        List<Pem.Block> blocks = Pem.blocks(file);
        Set<X509Certificate> found = new LinkedHashSet<>();
        for (Pem.Block block : blocks) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
                found.add(certificate(block.der()));
            } else if (block.label().equals("TRUSTED CERTIFICATE")) {
                throw new PemException(
                        "holds a TRUSTED CERTIFICATE, a form of OpenSSL's own: write it by openssl x509 -in FILE");
            }
        }
        if (found.isEmpty()) {
            throw new PemException(
                    blocks.isEmpty()
                            ? "is no PEM file: it has no line -----BEGIN CERTIFICATE-----"
                            : "holds no certificate");
        }
        return List.copyOf(found);
    }

    private static X509Certificate certificate(byte[] der) throws PemException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException | RuntimeException damaged) {
            throw new PemException("holds a certificate that cannot be read; it is damaged");
        }
    }

    /**
     * A chain as it is shown.
     *
     * @param certificates the server's first, each signed by the next
     * @param rearranged whether the file has them in another order, or some that do not belong to it
     */
    record Ordered(List<X509Certificate> certificates, boolean rearranged) {}

    /** The chain of the certificate that a key belongs to, out of those of a file; empty when there is none. */
    static Optional<Ordered> ordered(List<X509Certificate> there, PrivateKey key) {
        return there.stream()
                .filter(candidate -> PrivateKeys.belongTogether(key, candidate.getPublicKey()))
                .findFirst()
                .map(leaf -> ordered(there, leaf));
    }

    private static Ordered ordered(List<X509Certificate> there, X509Certificate leaf) {
        List<X509Certificate> rest = new ArrayList<>(there);
        rest.remove(leaf);
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        X509Certificate last = leaf;
        while (!rest.isEmpty() && chain.size() < MAX_CHAIN) {
            X509Certificate issuer = issuer(last, rest);
            if (issuer == null) {
                break;
            }
            rest.remove(issuer);
            chain.add(issuer);
            last = issuer;
        }
        return new Ordered(List.copyOf(chain), !chain.equals(there));
    }

    private static @Nullable X509Certificate issuer(X509Certificate of, List<X509Certificate> candidates) {
        for (X509Certificate candidate : candidates) {
            if (candidate.getSubjectX500Principal().equals(of.getIssuerX500Principal())) {
                try {
                    of.verify(candidate.getPublicKey());
                    return candidate;
                } catch (GeneralSecurityException another) {
                    // Authorities renew their keys under the same name.
                }
            }
        }
        return null;
    }
}
