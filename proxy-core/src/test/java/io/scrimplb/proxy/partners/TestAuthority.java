package io.scrimplb.proxy.partners;

import io.scrimplb.proxy.spec.CertificateSpec;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Signs certificates for tests, and makes clients that trust it. */
public final class TestAuthority {
    private static final int RSA_BITS = 2048;
    private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    /** One for all tests that do not care. */
    public static final TestAuthority SHARED = new TestAuthority();

    private final KeyPair keys = generate("EC", "secp256r1");
    private final X509Certificate certificate = sign("Test Authority", keys, new byte[0], true);

    public X509Certificate certificate() {
        return certificate;
    }

    /** A certificate of P-256 for names and IP addresses. */
    public CertificateSpec ec(String... names) {
        return spec(generate("EC", "secp256r1"), names);
    }

    public CertificateSpec ec384(String... names) {
        return spec(generate("EC", "secp384r1"), names);
    }

    public CertificateSpec rsa(String... names) {
        return spec(generate("RSA", ""), names);
    }

    /** Without alternative names, as before they were invented. */
    public CertificateSpec commonName(String name) {
        KeyPair pair = generate("EC", "secp256r1");
        return new CertificateSpec(name, List.of(sign(name, pair, new byte[0], false)), pair.getPrivate());
    }

    private CertificateSpec spec(KeyPair pair, String... names) {
        byte[][] alternatives = new byte[names.length][];
        for (int i = 0; i < names.length; i++) {
            boolean address = names[i].matches("[0-9.]+|.*:.*");
            alternatives[i] = address
                    ? Der.tagged(0x87, address(names[i]))
                    : Der.tagged(0x82, names[i].getBytes(StandardCharsets.US_ASCII));
        }
        byte[] extension = Der.sequence(Der.oid(2, 5, 29, 17), Der.tagged(Der.OCTETS, Der.sequence(alternatives)));
        X509Certificate leaf = sign(names.length == 0 ? "nobody" : names[0], pair, extension, false);
        return new CertificateSpec(String.join(",", names), List.of(leaf, certificate), pair.getPrivate());
    }

    private static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (java.net.UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private X509Certificate sign(String subject, KeyPair pair, byte[] extension, boolean authority) {
        try {
            Instant now = Instant.now();
            byte[] constraints = authority
                    ? Der.sequence(
                            Der.oid(2, 5, 29, 19), Der.bool(true), Der.tagged(Der.OCTETS, Der.sequence(Der.bool(true))))
                    : new byte[0];
            byte[] body = Der.sequence(
                    Der.tagged(0xa0, Der.integer(BigInteger.TWO)),
                    Der.integer(new BigInteger(100, new SecureRandom()).add(BigInteger.ONE)),
                    ECDSA_SHA256,
                    name("Test Authority"),
                    Der.sequence(
                            Der.time(TIME.format(now.minus(Duration.ofHours(1)))),
                            Der.time(TIME.format(now.plus(Duration.ofDays(30))))),
                    name(subject),
                    pair.getPublic().getEncoded(),
                    Der.tagged(0xa3, Der.sequence(constraints, extension)));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            byte[] whole = Der.sequence(body, ECDSA_SHA256, Der.bits(signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] name(String common) {
        return Der.sequence(Der.tagged(Der.SET, Der.sequence(Der.oid(2, 5, 4, 3), Der.text(common))));
    }

    private static KeyPair generate(String algorithm, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (curve.isEmpty()) {
                generator.initialize(RSA_BITS);
            } else {
                generator.initialize(new ECGenParameterSpec(curve));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Trusts this authority. */
    public SSLContext client() {
        return context(null);
    }

    /** Of a server with that certificate. */
    public SSLContext server(CertificateSpec shown) {
        return context(shown);
    }

    private SSLContext context(CertificateSpec shown) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            if (shown != null) {
                store.setKeyEntry("own", shown.key(), new char[0], shown.chain().toArray(X509Certificate[]::new));
            }
            own.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown == null ? null : own.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As files have it. */
    public static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String pem(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String type, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }
}
