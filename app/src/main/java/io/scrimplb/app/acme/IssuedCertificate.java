package io.scrimplb.app.acme;

import io.scrimplb.proxy.spec.CertificateSpec;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A certificate that an authority signed for one host. Immutable; the key is never shown.
 *
 * @param host lower case, {@code *.example.com} allowed
 * @param chain the host's certificate first
 */
record IssuedCertificate(String host, List<X509Certificate> chain, PrivateKey key) {
    /**
     * Which of two certificates for a host wins, wherever both are known: the one that was signed later, so that a new
     * one of a shorter life wins too; of two that begin in the same second, the one that ends later, then the one with the
     * greater fingerprint. So load balancers that ordered for themselves agree without a word.
     */
    static final Comparator<IssuedCertificate> BETTER = Comparator.comparing(IssuedCertificate::notBefore)
            .thenComparing(IssuedCertificate::notAfter)
            .thenComparing(IssuedCertificate::fingerprint, Arrays::compareUnsigned);

    /** Bytes of a fingerprint that tell the certificates of one cluster apart. */
    static final int SHORT_BYTES = 8;

    private static final int DNS_NAME = 2;

    IssuedCertificate {
        chain = List.copyOf(chain);
    }

    /**
     * As it is kept on disk and told to others: the key, then the chain.
     *
     * @throws GeneralSecurityException when it is none for that host, or the key is not its own
     */
    static IssuedCertificate read(String host, String pem) throws GeneralSecurityException {
        return checked(host, Pem.chain(pem), Pem.key(pem));
    }

    /** @throws GeneralSecurityException when it is none for that host, or the key is not its own */
    static IssuedCertificate checked(String host, List<X509Certificate> chain, PrivateKey key)
            throws GeneralSecurityException {
        X509Certificate leaf = chain.get(0);
        if (!names(leaf).contains(host)) {
            throw new GeneralSecurityException("it is not for " + host);
        }
        if (!EcKeys.belongTogether(key, leaf.getPublicKey())) {
            throw new GeneralSecurityException("its key is another one");
        }
        if (!leaf.getNotAfter().after(leaf.getNotBefore())) {
            throw new GeneralSecurityException("it ends before it begins");
        }
        return new IssuedCertificate(host, chain, key);
    }

    String pem() {
        return Pem.of(key) + Pem.of(chain);
    }

    X509Certificate leaf() {
        return chain.get(0);
    }

    Instant notBefore() {
        return leaf().getNotBefore().toInstant();
    }

    Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    /** SHA-256 of the host's certificate. */
    byte[] fingerprint() {
        try {
            return EcKeys.sha256(leaf().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }

    /** The first bytes of the fingerprint, as load balancers name it to each other. */
    String shortName() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(fingerprint(), SHORT_BYTES));
    }

    /** A number from 0 to below 1 that is the same for this certificate everywhere and at any time. */
    double chance() {
        return new BigInteger(1, Arrays.copyOfRange(fingerprint(), SHORT_BYTES, SHORT_BYTES + 4)).doubleValue()
                / (1L << 32);
    }

    CertificateSpec spec() {
        return new CertificateSpec(host, chain, key);
    }

    private static List<String> names(X509Certificate leaf) throws CertificateParsingException {
        Collection<List<?>> names = leaf.getSubjectAlternativeNames();
        return names == null
                ? List.of()
                : names.stream()
                        .filter(name -> name.get(0).equals(DNS_NAME))
                        .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
                        .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IssuedCertificate that && host.equals(that.host) && chain.equals(that.chain);
    }

    @Override
    public int hashCode() {
        return chain.get(0).hashCode();
    }

    @Override
    public String toString() {
        return "IssuedCertificate[" + host + " until " + notAfter() + "]";
    }
}
