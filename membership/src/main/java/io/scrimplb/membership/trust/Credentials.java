package io.scrimplb.membership.trust;

import io.scrimplb.membership.trust.TrustException.Reason;
import java.security.KeyPair;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process proves itself with, and whom it believes. Holds a fresh key. Thread-safe.
 *
 * <p>When two members do not share a secret, the one that connected learns it first: its engine throws an
 * {@link javax.net.ssl.SSLHandshakeException} whose cause is a {@link TrustException} of reason {@code OTHER_SECRET}. It
 * tells the other end no more than the alert {@code certificate_unknown}, which is all that end's engine throws.
 */
public final class Credentials {
    private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);

    private final KeyPair key = P256.generate();
    private final UUID memberId = ChainVerifier.memberId(key.getPublic());
    private final ChainVerifier verifier;
    private final MemberTrust trust;
    /** By fingerprint of the authority; empty for the holder of a token. */
    private final Map<String, Issuer> issuers;
    /** What this process came with, the preferred one first; not empty. */
    private final List<Identity> own;
    /** What a load balancer gave for {@link #own}, and is preferred to it. */
    private volatile Optional<Identity> adopted = Optional.empty();

    private Credentials(Map<Authority, Issuer> holders, Optional<JoinToken> token) {
        List<Identity> identities = new ArrayList<>();
        Map<String, Issuer> byFingerprint = new LinkedHashMap<>();
        holders.forEach((authority, issuer) -> {
            GrantExtension all = new GrantExtension(GrantExtension.Kind.MEMBER, Grant.FULL);
            identities.add(
                    new Identity(authority, Grant.FULL, List.of(issuer.issue(key.getPublic(), Optional.of(all)))));
            byFingerprint.put(authority.fingerprint(), issuer);
        });
        token.ifPresent(holder -> identities.add(new Identity(
                holder.authority(),
                holder.grant(),
                List.of(holder.issuer().issue(key.getPublic(), Optional.empty()), holder.certificate()))));
        own = List.copyOf(identities);
        issuers = Map.copyOf(byFingerprint);
        verifier = new ChainVerifier(own.stream().map(Identity::authority).toList());
        trust = new MemberTrust(verifier);
    }

    /**
     * Of a holder of the cluster's secret. Takes up to half a second for each secret of a person's own.
     *
     * @param previous also believed, and proved to those who know only that, while the secret is changed
     */
    public static Credentials of(ClusterSecret secret, @Nullable ClusterSecret previous) {
        Map<Authority, Issuer> holders = new LinkedHashMap<>();
        addHolder(secret, holders);
        if (previous != null && !previous.equals(secret)) {
            addHolder(previous, holders);
        }
        return new Credentials(holders, Optional.empty());
    }

    private static void addHolder(ClusterSecret secret, Map<Authority, Issuer> holders) {
        KeyPair pair = Issuer.authorityKey(secret);
        Authority authority = Authority.of(pair.getPublic());
        holders.put(authority, new Issuer(authority.name(), pair.getPrivate()));
    }

    /** Of a holder of a token. */
    public static Credentials of(JoinToken token) {
        return new Credentials(Map.of(), Optional.of(token));
    }

    /** First 128 bits of the SHA-256 of the public key. */
    public UUID memberId() {
        return memberId;
    }

    /** Whether this process came with a token, and has no secret. */
    public boolean hasToken() {
        return issuers.isEmpty();
    }

    /**
     * The side that connects: TLS 1.3 only, offers these protocols by ALPN in this order.
     *
     * @param protocols at least one
     */
    public SSLEngine clientEngine(List<String> protocols) {
        return Engines.client(chooser(), trust, protocols);
    }

    /**
     * The side that is connected to: TLS 1.3 only, asks for a certificate, refuses whoever shares no protocol. Of those
     * that both know it takes the one that stands first here.
     *
     * @param protocols at least one
     */
    public SSLEngine serverEngine(List<String> protocols) {
        return Engines.server(chooser(), trust, protocols);
    }

    /**
     * What the other end proved. Cheap after a handshake: the JDK remembers which signatures hold.
     *
     * @param session of a finished handshake
     */
    public Proof proofOf(SSLSession session) throws TrustException {
        try {
            Certificate[] shown = session.getPeerCertificates();
            X509Certificate[] chain = new X509Certificate[shown.length];
            for (int i = 0; i < shown.length; i++) {
                if (!(shown[i] instanceof X509Certificate certificate)) {
                    throw new TrustException(Reason.MALFORMED, "its certificate is not X.509");
                }
                chain[i] = certificate;
            }
            return verifier.verify(chain);
        } catch (SSLPeerUnverifiedException e) {
            throw new TrustException(Reason.MALFORMED, "it showed no certificate");
        }
    }

    /** Whether {@link #certify} works: whether this is of a holder of the secret. */
    public boolean canCertify() {
        return !issuers.isEmpty();
    }

    /**
     * A certificate for the key of a member that joined with a token, with the token's role and claims but without its
     * end of time: it stays a member as long as its process lives. The authority is the one of its token. Whether the
     * token's time was over is the caller's to judge, before.
     *
     * @param proof from {@link #proofOf}, of a member with a role
     * @throws IllegalStateException when {@link #canCertify} does not hold
     */
    public byte[] certify(Proof proof) {
        if (!canCertify()) {
            throw new IllegalStateException("only a holder of the cluster-secret can certify");
        }
        Issuer issuer = issuers.get(proof.authority());
        if (issuer == null || proof.grant().role().isEmpty()) {
            throw new IllegalArgumentException("not the proof of a token of this cluster");
        }
        Grant grant = new Grant(proof.grant().role(), proof.grant().claims(), Optional.empty());
        GrantExtension extension = new GrantExtension(GrantExtension.Kind.MEMBER, grant);
        try {
            return issuer.issue(proof.key(), Optional.of(extension)).getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate of our own cannot be written", e);
        }
    }

    /**
     * Proves itself with a certificate that {@link #certify} made from now on, in place of the token's: in handshakes
     * that begin later.
     *
     * @param certificate from anybody
     * @throws TrustException when it is not for this process's key, or not from the cluster's authority, or this process
     *     has no token
     */
    public void adopt(byte[] certificate) throws TrustException {
        if (!hasToken()) {
            throw new TrustException(Reason.MALFORMED, "a holder of the cluster-secret needs no certificate");
        }
        if (certificate.length > GrantExtension.MAX_CERTIFICATE_BYTES) {
            throw new TrustException(Reason.MALFORMED, "the certificate that it gave is too long");
        }
        X509Certificate member;
        try {
            member = CertificateWriter.read(certificate);
        } catch (CertificateException e) {
            throw new TrustException(Reason.MALFORMED, "the certificate that it gave cannot be read");
        }
        Proof proof = verifier.verify(new X509Certificate[] {member});
        if (!proof.memberId().equals(memberId)) {
            throw new TrustException(Reason.MALFORMED, "the certificate that it gave is another member's");
        }
        adopted = Optional.of(new Identity(own.get(0).authority(), proof.grant(), List.of(member)));
    }

    /**
     * Does a handshake with itself, so that the first real one does not wait for what the JDK sets up once: some 300 ms.
     * A failure would show in the real one too, and is ignored here.
     */
    public void rehearse() {
        try {
            Rehearsal.of(this);
        } catch (SSLException | RuntimeException e) {
            LOG.debug("the rehearsal of a handshake failed: {}", e.toString());
        }
    }

    private IdentityChooser chooser() {
        return new IdentityChooser(key.getPrivate(), adopted.map(List::of).orElse(own));
    }

    @Override
    public String toString() {
        return "Credentials[" + memberId + "]";
    }
}
