package io.scrimplb.membership.trust;

import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What this process proves itself with, and whom it believes. Holds a fresh key. Thread-safe. */
public final class Credentials {
    private Credentials() {}

    /**
     * Of a holder of the cluster's secret. Takes up to half a second for each secret of a person's own.
     *
     * @param previous also believed, and proved to those who know only that, while the secret is changed
     */
    public static Credentials of(ClusterSecret secret, @Nullable ClusterSecret previous) {
        throw new UnsupportedOperationException();
    }

    /** Of a holder of a token. */
    public static Credentials of(JoinToken token) {
        throw new UnsupportedOperationException();
    }

    /** First 128 bits of the SHA-256 of the public key. */
    public UUID memberId() {
        throw new UnsupportedOperationException();
    }

    /** The side that connects: TLS 1.3 only, offers these protocols by ALPN in this order. */
    public SSLEngine clientEngine(List<String> protocols) {
        throw new UnsupportedOperationException();
    }

    /** The side that is connected to: TLS 1.3 only, asks for a certificate, refuses whoever shares no protocol. */
    public SSLEngine serverEngine(List<String> protocols) {
        throw new UnsupportedOperationException();
    }

    /**
     * What the other end proved.
     *
     * @param session of a finished handshake
     */
    public Proof proofOf(SSLSession session) throws TrustException {
        throw new UnsupportedOperationException();
    }

    /** Whether {@link #certify} works: whether this is of a holder of the secret. */
    public boolean canCertify() {
        throw new UnsupportedOperationException();
    }

    /**
     * A certificate for the key of a member that joined with a token, with the token's role and claims but without its
     * end of time: it stays a member as long as its process lives.
     */
    public byte[] certify(Proof proof) {
        throw new UnsupportedOperationException();
    }

    /**
     * Proves itself with a certificate that {@link #certify} made from now on, beside the token's.
     *
     * @throws TrustException when it is not for this process's key, or not from the cluster's authority
     */
    public void adopt(byte[] certificate) throws TrustException {
        throw new UnsupportedOperationException();
    }
}
