package io.scrimplb.app.it;

import io.scrimplb.app.certificates.TestAuthority;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS of the JDK with what a test signed. */
final class Trust {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private Trust() {}

    /** Believes this authority and no other. No session is resumed: each connection shows what there is now. */
    static SSLContext in(TestAuthority authority) {
        try {
            KeyStore store = empty();
            store.setCertificateEntry("root", authority.certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Shows this certificate. */
    static SSLContext showing(TestAuthority.Issued issued) {
        try {
            KeyStore store = empty();
            store.setKeyEntry(
                    "server",
                    issued.pair().getPrivate(),
                    PASSWORD,
                    issued.chain().toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
