package io.scrimplb.proxy.tls;

import io.scrimplb.proxy.spec.CertificateValidator;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Judges certificates of endpoints as the JDK does, and says what is wrong in words that name what a user can mend. */
final class OriginTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager judge;

    private OriginTrust(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    /** @param authorities whose certificates are believed; empty for those that Java brings along */
    static OriginTrust of(List<X509Certificate> authorities) throws GeneralSecurityException {
        KeyStore store = null;
        if (!authorities.isEmpty()) {
            store = KeyStore.getInstance(KeyStore.getDefaultType());
            try {
                store.load(null, null);
            } catch (IOException e) {
                throw new GeneralSecurityException(e);
            }
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry(String.valueOf(store.size()), authority);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return new OriginTrust(extended);
            }
        }
        throw new GeneralSecurityException("Java has no trust manager");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        try {
            judge.checkServerTrusted(chain, type, engine);
        } catch (CertificateException e) {
            throw new CertificateException(reason(chain, type, engine, e), e);
        }
    }

    private String reason(X509Certificate[] chain, String type, SSLEngine engine, CertificateException failure) {
        try {
            judge.checkServerTrusted(chain, type);
        } catch (CertificateException e) {
            Throwable innermost = e;
            while (innermost.getCause() != null) {
                innermost = innermost.getCause();
            }
            return "its certificate is not trusted: " + innermost.getMessage()
                    + "; name the authority that signed it in backend-tls.ca of the application";
        }
        return "its certificate is for " + String.join(", ", CertificateValidator.names(chain[0])) + ", not for "
                + engine.getPeerHost() + "; set backend-tls.server-name of the application";
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        judge.checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge.checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        judge.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        judge.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }

    /** Takes every certificate: what a user asks for with {@code insecure}. */
    static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
