package io.scrimplb.membership.trust;

import io.scrimplb.membership.trust.TrustException.Reason;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Believes the chains that {@link ChainVerifier} lets through, for servers and clients alike. The JDK adds no check of
 * its own to an extended trust manager: none of dates, names, or key usage. Immutable.
 */
final class MemberTrust extends X509ExtendedTrustManager {
    private final ChainVerifier verifier;

    MemberTrust(ChainVerifier verifier) {
        this.verifier = verifier;
    }

    List<Authority> believed() {
        return verifier.believed();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws TrustException {
        check(chain, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws TrustException {
        check(chain, engine);
    }

    private void check(X509Certificate[] chain, @Nullable SSLEngine engine) throws TrustException {
        verifier.verify(chain);
        // RFC 7301 lets either end go on without the extension. In TLS 1.3 the choice is known before certificates
        // come.
        String protocol = engine == null ? null : engine.getHandshakeApplicationProtocol();
        if (protocol == null || protocol.isEmpty()) {
            throw new TrustException(Reason.MALFORMED, "it agrees on no protocol (ALPN)");
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws TrustException {
        throw enginesOnly();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws TrustException {
        throw enginesOnly();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws TrustException {
        throw enginesOnly();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws TrustException {
        throw enginesOnly();
    }

    /** The names in the server's certificate request. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return verifier.believed().stream().map(Authority::anchor).toArray(X509Certificate[]::new);
    }

    private static TrustException enginesOnly() {
        return new TrustException(Reason.MALFORMED, "only an SSLEngine's handshake can be judged");
    }
}
