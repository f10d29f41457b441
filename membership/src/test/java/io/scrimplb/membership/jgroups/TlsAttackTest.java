package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.RawPeer;
import io.scrimplb.membership.trust.Credentials;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Those who speak TLS, and not as members do. */
class TlsAttackTest extends AttackTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws Exception {
        cluster(true);
    }

    @Test
    void othersDoNotGetThroughTheHandshake() throws Exception {
        Map<String, SSLEngine> engines = new LinkedHashMap<>();
        engines.put("no certificate", engine(null, "TLSv1.3", "scrimp-cluster"));
        engines.put("TLS 1.2", engine(null, "TLSv1.2", "scrimp-cluster"));
        engines.put("TLS 1.2 with a certificate", engine(selfSigned("EC"), "TLSv1.2", "scrimp-cluster"));
        engines.put("self-signed", engine(selfSigned("EC"), "TLSv1.3", "scrimp-cluster"));
        engines.put("RSA", engine(selfSigned("RSA"), "TLSv1.3", "scrimp-cluster"));
        engines.put("another protocol", Credentials.of(secret, null).clientEngine(List.of("h2", "http/1.1")));
        SSLEngine silent = Credentials.of(secret, null).clientEngine(List.of("scrimp-cluster"));
        SSLParameters none = silent.getSSLParameters();
        none.setApplicationProtocols(new String[0]);
        silent.setSSLParameters(none);
        engines.put("no protocol", silent);

        for (Map.Entry<String, SSLEngine> engine : engines.entrySet()) {
            long before = lb1.membership().stats().refusedConnections();
            RawPeer peer = attacker(RawPeer.tls(port(lb1), engine.getValue()));
            peer.hello(null, Role.BACKEND, "other", "test");
            assertThat(peer.closes(4_000))
                    .as(engine.getKey() + " is hung up on at once")
                    .isTrue();
            assertThat(peer.next(0)).as("answer to " + engine.getKey()).isNull();
            org.awaitility.Awaitility.await()
                    .atMost(SOON)
                    .until(() -> lb1.membership().stats().refusedConnections() > before);
        }
        clusterCarriesOn("other kinds of TLS");
    }

    @Test
    void bytesThatTlsDoesNotWrapEndTheConnection() throws Exception {
        byte[] secondHello = new byte[200];
        System.arraycopy(new byte[] {22, 3, 3, 0, (byte) 195, 1, 0, 0, (byte) 191, 3, 3}, 0, secondHello, 0, 11);
        Map<String, byte[]> junk = new LinkedHashMap<>();
        junk.put("a second ClientHello", secondHello);
        junk.put("application data that nobody encrypted", new byte[] {23, 3, 3, 0, 4, 1, 2, 3, 4});
        junk.put("a plain frame", new byte[] {0, 0, 0, 3, 2, 0, 0});
        for (Map.Entry<String, byte[]> bytes : junk.entrySet()) {
            RawPeer peer = insider(lb1, Role.BACKEND, "junk");
            peer.bare(bytes.getValue());
            assertThat(peer.closes(4_000)).as(bytes.getKey()).isTrue();
        }
        clusterCarriesOn("bytes that TLS does not wrap");
    }

    private SSLEngine engine(KeyManager[] keys, String version, String protocol) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {new Anybody()}, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(new String[] {protocol});
        engine.setSSLParameters(parameters);
        return engine;
    }

    private KeyManager[] selfSigned(String algorithm) throws Exception {
        Path store = directory.resolve(algorithm + ".p12");
        if (!Files.exists(store)) {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-keyalg",
                            algorithm,
                            "-alias",
                            "a",
                            "-dname",
                            "CN=lb-1",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD,
                            "-keystore",
                            store.toString())
                    .redirectErrorStream(true)
                    .start();
            keytool.getInputStream().readAllBytes();
            assertThat(keytool.waitFor()).isZero();
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        return factory.getKeyManagers();
    }

    /** Wants to get on with whoever answers. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
