package io.scrimplb.membership.trust;

import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * TLS as members speak it: version 1.3 (RFC 8446), both ends with a certificate, the protocol agreed by ALPN (RFC 7301),
 * no resumption. Stateless.
 */
final class Engines {
    private static final String TLS_1_3 = "TLSv1.3";
    /** All that RFC 8446, B.4 has for general use; first the one that most processors have instructions for. */
    private static final String[] CIPHER_SUITES = {
        "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_256_GCM_SHA384"
    };
    /**
     * More than the seven days for which a ticket may live (RFC 8446, 4.6.1): the JDK sends none then, and saves both
     * ends the work. That nobody resumes does not depend on it.
     */
    private static final int NO_TICKETS_SECONDS = 7 * 24 * 3600 + 1;

    private Engines() {}

    static SSLEngine client(IdentityChooser identities, MemberTrust trust, List<String> protocols) {
        SSLEngine engine = engine(identities, trust, protocols, true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(IdentityChooser.hintAt(trust.believed())));
        engine.setSSLParameters(parameters);
        return engine;
    }

    static SSLEngine server(IdentityChooser identities, MemberTrust trust, List<String> protocols) {
        SSLEngine engine = engine(identities, trust, protocols, false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setNeedClientAuth(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLEngine engine(
            IdentityChooser identities, MemberTrust trust, List<String> protocols, boolean client) {
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("a connection needs a protocol");
        }
        SSLEngine engine = context(identities, trust).createSSLEngine();
        engine.setUseClientMode(client);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {TLS_1_3});
        parameters.setCipherSuites(CIPHER_SUITES);
        parameters.setApplicationProtocols(protocols.toArray(String[]::new));
        engine.setSSLParameters(parameters);
        return engine;
    }

    /**
     * One for each engine. Sessions and the keys of tickets live in a context, so nothing of one connection can serve in
     * another, whatever the JDK caches: every handshake shows and checks certificates. A shared one would save some 10 µs
     * and 2 kB of each handshake, and leave it to the JDK's rules for tickets that nobody resumes.
     */
    private static SSLContext context(IdentityChooser identities, MemberTrust trust) {
        try {
            SSLContext context = SSLContext.getInstance(TLS_1_3);
            context.init(new KeyManager[] {identities}, new TrustManager[] {trust}, null);
            context.getServerSessionContext().setSessionTimeout(NO_TICKETS_SECONDS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot do TLS 1.3", e);
        }
    }
}
