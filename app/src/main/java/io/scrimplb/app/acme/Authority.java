package io.scrimplb.app.acme;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/**
 * The authority as acme4j talks to it. Blocks; each call takes at most some minutes. Thread-safe.
 *
 * <p>What of acme4j needs BouncyCastle, which is not there, is done here: requests, challenge certificates and the names of
 * certificates for renewal information.
 */
final class Authority {
    /** To connect, and for the head of an answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** Of one request with its whole answer. */
    private static final Duration LONGEST = TIMEOUT.multipliedBy(2);

    /** authorityKeyIdentifier (RFC 5280, 4.2.1.1). */
    private static final String AUTHORITY_KEY = "2.5.29.35";

    private final AcmeSettings settings;
    private @Nullable Session session;

    Authority(AcmeSettings settings) {
        this.settings = settings;
    }

    /** Makes an account, with the operator's agreement to the terms; the authority gives back the one that this key has. */
    Account create(KeyPair pair, Instant now) throws AcmeException, IOException {
        Login login = new AccountBuilder()
                .addEmail(settings.email())
                .agreeToTermsOfService()
                .useKeyPair(pair)
                .createLogin(session());
        return new Account(login.getAccountLocation(), pair, now);
    }

    Login login(Account account) throws IOException {
        return session().login(account.location(), account.pair());
    }

    /** Whether it names a time for renewals, so that an order can say what it replaces (RFC 9773, 5). */
    boolean suggestsRenewals() throws AcmeException, IOException {
        return session().resourceUrlOptional(Resource.RENEWAL_INFO).isPresent();
    }

    /**
     * What the authority says about a renewal.
     *
     * @param again when to ask again, if it said so
     */
    record Suggestion(RenewalTime.Window window, Optional<Instant> again) {}

    /** When the authority would like a certificate to be renewed; empty when it says nothing of that kind. */
    Optional<Suggestion> suggestion(Account account, IssuedCertificate certificate) throws AcmeException, IOException {
        Optional<URL> base = session().resourceUrlOptional(Resource.RENEWAL_INFO);
        Optional<String> name = renewalName(certificate.leaf());
        if (base.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        String address = base.get().toExternalForm();
        RenewalInfo info;
        try {
            info = login(account)
                    .bindRenewalInfo(URI.create(address + (address.endsWith("/") ? "" : "/") + name.get())
                            .toURL());
        } catch (MalformedURLException e) {
            throw new AcmeException("the authority's address for renewals is none", e);
        }
        Optional<Instant> again = info.fetch();
        Instant start = info.getSuggestedWindowStart();
        Instant end = info.getSuggestedWindowEnd();
        return end.isBefore(start)
                ? Optional.empty()
                : Optional.of(new Suggestion(new RenewalTime.Window(start, end), again));
    }

    /** RFC 9773, 4.1: the identifier of the issuer's key and the serial number, each in base64url; empty without the former. */
    static Optional<String> renewalName(X509Certificate leaf) {
        byte[] extension = leaf.getExtensionValue(AUTHORITY_KEY);
        if (extension == null) {
            return Optional.empty();
        }
        return keyIdentifier(extension).map(key -> {
            Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
            return encoder.encodeToString(key) + "."
                    + encoder.encodeToString(leaf.getSerialNumber().toByteArray());
        });
    }

    /** Within an OCTET STRING and a SEQUENCE, the part that is {@code [0]}; it stands first, and all are short. */
    private static Optional<byte[]> keyIdentifier(byte[] extension) {
        int at = 4;
        if (extension.length < at + 2
                || extension[0] != 0x04
                || extension[1] < 0
                || extension[2] != 0x30
                || extension[3] < 0
                || extension[at] != (byte) 0x80) {
            return Optional.empty();
        }
        int length = extension[at + 1];
        if (length <= 0 || at + 2 + length > extension.length) {
            return Optional.empty();
        }
        byte[] key = new byte[length];
        System.arraycopy(extension, at + 2, key, 0, length);
        return Optional.of(key);
    }

    private synchronized Session session() throws IOException {
        Session known = session;
        if (known == null) {
            known = new Session(settings.directory(), new Provider(trust(settings.authorityRoots())));
            known.networkSettings().setTimeout(TIMEOUT);
            known.networkSettings().setProxySelector(ProxySelector.getDefault());
            session = known;
        }
        return known;
    }

    /** Null for the roots of the public, as this JDK has them. */
    private static @Nullable SSLContext trust(Optional<Path> roots) throws IOException {
        if (roots.isEmpty()) {
            return null;
        }
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate root : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(roots.get())))) {
                store.setCertificateEntry("root-" + number++, root);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("acme.ca " + roots.get() + " is no file of certificates: " + e.getMessage(), e);
        }
    }

    /** As for any authority, but for the roots. */
    private static final class Provider extends GenericAcmeProvider {
        private final @Nullable SSLContext trust;

        Provider(@Nullable SSLContext trust) {
            this.trust = trust;
        }

        @Override
        public HttpClient createHttpClient(NetworkSettings network) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .connectTimeout(network.getTimeout())
                    .proxy(network.getProxySelector());
            if (trust != null) {
                builder.sslContext(trust);
            }
            return new WholeAnswers(builder.build(), LONGEST);
        }
    }
}
