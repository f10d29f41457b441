package io.scrimplb.proxy.tls;

import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import io.scrimplb.proxy.spec.CertificateSpec;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Has one certificate and its key. Which certificate fits a client is decided before an engine is made, so there is nothing left
 * to choose. Unlike a key store it encrypts nothing with a password, which takes longer than a handshake.
 */
final class OneKeyManager extends X509ExtendedKeyManager {
    private static final String ALIAS = "certificate";

    private final CertificateSpec certificate;
    private final String keyType;

    private OneKeyManager(CertificateSpec certificate) {
        this.certificate = certificate;
        this.keyType = certificate.key().getAlgorithm();
    }

    /** For a context of either engine. */
    static SimpleKeyManagerFactory factory(CertificateSpec certificate) {
        KeyManager manager = new OneKeyManager(certificate);
        return new SimpleKeyManagerFactory() {
            @Override
            protected void engineInit(@Nullable KeyStore keyStore, char @Nullable [] password) {}

            @Override
            protected void engineInit(ManagerFactoryParameters parameters) {}

            @Override
            protected KeyManager[] engineGetKeyManagers() {
                return new KeyManager[] {manager};
            }
        };
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return type.equals(keyType) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return type.equals(keyType) ? ALIAS : null;
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return type.equals(keyType) ? new String[] {ALIAS} : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return certificate.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return certificate.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
