package io.scrimplb.membership.trust;

import io.scrimplb.membership.trust.GrantExtension.Kind;
import io.scrimplb.membership.trust.TrustException.Reason;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Judges certificate chains. There are two that hold: a member's certificate that the authority signed, and a member's
 * certificate that a role certificate's key signed, followed by that role certificate, which the authority signed. Names
 * of hosts do not matter, nor do dates, see {@link Grant#mayJoin} for the one that does. Immutable.
 *
 * @param believed the authorities
 */
record ChainVerifier(List<Authority> believed) {
    private static final int MAX_CHAIN = 2;
    /** The number that stands in a certificate of version 3, as the JDK counts. */
    private static final int VERSION = 3;

    ChainVerifier {
        believed = List.copyOf(believed);
    }

    /**
     * What a chain proves, if its holder proves that the first certificate's key is his.
     *
     * @param chain the holder's certificate first; from anybody
     * @throws TrustException when it is neither of the two chains
     */
    Proof verify(X509Certificate @Nullable [] chain) throws TrustException {
        if (chain == null || chain.length == 0) {
            throw malformed("it showed no certificate");
        }
        if (chain.length > MAX_CHAIN) {
            throw malformed("it showed " + chain.length + " certificates, more than " + MAX_CHAIN);
        }
        // What costs nothing comes before the signatures.
        for (X509Certificate certificate : chain) {
            checkForm(certificate);
        }
        X509Certificate member = chain[0];
        X509Certificate top = chain[chain.length - 1];
        Authority authority = authorityOf(top);
        checkSignature(top, authority.key());
        boolean byToken = chain.length == MAX_CHAIN;
        Grant grant = grantOf(top, byToken ? Kind.TOKEN : Kind.MEMBER);
        if (byToken) {
            checkUnderToken(member, top);
        }
        return new Proof(memberId(member.getPublicKey()), member.getPublicKey(), grant, authority.fingerprint());
    }

    /**
     * What a role certificate lets those do whom its key signs.
     *
     * @param certificate from anybody
     */
    Grant verifyToken(X509Certificate certificate) throws TrustException {
        checkForm(certificate);
        checkSignature(certificate, authorityOf(certificate).key());
        return grantOf(certificate, Kind.TOKEN);
    }

    static UUID memberId(PublicKey key) {
        ByteBuffer hash = ByteBuffer.wrap(P256.fingerprint(key));
        return new UUID(hash.getLong(), hash.getLong());
    }

    private static Grant grantOf(X509Certificate certificate, Kind wanted) throws TrustException {
        Optional<GrantExtension> extension = GrantExtension.of(certificate);
        if (extension.isEmpty() || extension.get().kind() != wanted) {
            throw otherUse();
        }
        return extension.get().grant();
    }

    /** Whoever holds a token writes what he likes into the certificates that he signs: only the key in them counts. */
    private static void checkUnderToken(X509Certificate member, X509Certificate token) throws TrustException {
        if (!member.getIssuerX500Principal().equals(token.getSubjectX500Principal())) {
            throw malformed("its certificate and its token do not belong together");
        }
        checkSignature(member, token.getPublicKey());
        Optional<GrantExtension> extension = GrantExtension.of(member);
        if (extension.isPresent() && extension.get().kind() != Kind.MEMBER) {
            throw otherUse();
        }
    }

    private static void checkForm(X509Certificate certificate) throws TrustException {
        try {
            if (certificate.getEncoded().length > GrantExtension.MAX_CERTIFICATE_BYTES) {
                throw malformed("its certificate has more than " + GrantExtension.MAX_CERTIFICATE_BYTES + " bytes");
            }
        } catch (CertificateEncodingException e) {
            throw malformed("its certificate cannot be read");
        }
        if (certificate.getVersion() != VERSION
                || !CertificateWriter.ECDSA_SHA256.equals(certificate.getSigAlgOID())
                || !P256.isKey(certificate.getPublicKey())) {
            throw malformed("its certificate is not one of a Scrimp LB cluster");
        }
    }

    private Authority authorityOf(X509Certificate top) throws TrustException {
        X500Principal name = top.getIssuerX500Principal();
        for (Authority authority : believed) {
            if (authority.name().equals(name)) {
                return authority;
            }
        }
        if (!Authority.isName(name) || top.getExtensionValue(GrantExtension.OID) == null) {
            throw malformed("its certificate is not one of a Scrimp LB cluster");
        }
        throw new TrustException(
                Reason.OTHER_SECRET,
                "its certificate was made from another cluster-secret (" + name.getName() + "; ours is "
                        + believed.get(0).name().getName() + ")");
    }

    private static void checkSignature(X509Certificate certificate, PublicKey signer) throws TrustException {
        try {
            certificate.verify(signer);
        } catch (GeneralSecurityException | RuntimeException e) {
            // The JDK's provider declares the first kind; what it throws for odd bytes beyond that is no promise.
            throw malformed("the signature of its certificate does not hold");
        }
    }

    private static TrustException otherUse() {
        return malformed("its certificate is for another use");
    }

    private static TrustException malformed(String message) {
        return new TrustException(Reason.MALFORMED, message);
    }
}
