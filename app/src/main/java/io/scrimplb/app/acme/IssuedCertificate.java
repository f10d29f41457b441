package io.scrimplb.app.acme;

import io.scrimplb.app.certificates.CertificateChains;
import io.scrimplb.app.certificates.CertificateNames;
import io.scrimplb.app.certificates.EcKeys;
import io.scrimplb.app.certificates.Pem;
import io.scrimplb.app.certificates.PemException;
import io.scrimplb.app.certificates.PrivateKeys;
import io.scrimplb.proxy.spec.CertificateSpec;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A certificate that an authority signed for one host. Immutable; the key is never shown. */
final class IssuedCertificate {
    /**
     * Which of two certificates for a host wins, wherever both are known: the one that was signed later, so that a new
     * one of a shorter life wins too; of two that begin in the same second, the one that ends later, then the one with the
     * greater fingerprint. So load balancers that ordered for themselves agree without a word.
     */
    static final Comparator<IssuedCertificate> BETTER = Comparator.comparing(IssuedCertificate::notBefore)
            .thenComparing(IssuedCertificate::notAfter)
            .thenComparing(certificate -> certificate.fingerprint, Arrays::compareUnsigned);

    /** Bytes of a fingerprint that tell the certificates of one cluster apart. */
    static final int SHORT_BYTES = 8;

    /** Certificates of one chain; authorities send two to four. */
    private static final int MAX_CHAIN = 10;

    private final String host;
    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final byte[] fingerprint;
    private final String shortName;

    private IssuedCertificate(String host, List<X509Certificate> chain, PrivateKey key) {
        this.host = host;
        this.chain = List.copyOf(chain);
        this.key = key;
        try {
            // Once: it is compared and told again and again.
            this.fingerprint = EcKeys.sha256(chain.get(0).getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
        this.shortName =
                Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(fingerprint, SHORT_BYTES));
    }

    /**
     * As it is kept on disk and told to others: the key, then the chain.
     *
     * @throws GeneralSecurityException when it is none for that host, or the key is not its own
     */
    static IssuedCertificate read(String host, String pem) throws GeneralSecurityException {
        byte[] text = pem.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return checked(host, CertificateChains.read(text), PrivateKeys.read(text));
        } catch (PemException e) {
            throw new GeneralSecurityException("it " + e.getMessage(), e);
        }
    }

    /** @throws GeneralSecurityException when it is none for that host, or the key is not its own */
    static IssuedCertificate checked(String host, List<X509Certificate> chain, PrivateKey key)
            throws GeneralSecurityException {
        if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
            throw new GeneralSecurityException("its chain has " + chain.size() + " certificates");
        }
        X509Certificate leaf = chain.get(0);
        if (!CertificateNames.hosts(leaf).contains(host)) {
            throw new GeneralSecurityException("it is not for " + host);
        }
        if (!PrivateKeys.belongTogether(key, leaf.getPublicKey())) {
            throw new GeneralSecurityException("its key is another one");
        }
        if (!leaf.getNotAfter().after(leaf.getNotBefore())) {
            throw new GeneralSecurityException("it ends before it begins");
        }
        return new IssuedCertificate(host, chain, key);
    }

    /** Lower case; {@code *.example.com} is possible. */
    String host() {
        return host;
    }

    PrivateKey key() {
        return key;
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

    /** The first bytes of the SHA-256 of the host's certificate, as load balancers name it to each other. */
    String shortName() {
        return shortName;
    }

    /** A number from 0 to below 1 that is the same for this certificate everywhere and at any time. */
    double chance() {
        return new BigInteger(1, Arrays.copyOfRange(fingerprint, SHORT_BYTES, SHORT_BYTES + 4)).doubleValue()
                / (1L << 32);
    }

    CertificateSpec spec() {
        return new CertificateSpec(host, chain, key);
    }

    @Override
    public boolean equals(@Nullable Object other) {
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
