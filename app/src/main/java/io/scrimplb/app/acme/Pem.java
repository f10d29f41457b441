package io.scrimplb.app.acme;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Keys and certificates as text (RFC 7468), of the kinds that are written here: PKCS#8 and X.509. Stateless. */
final class Pem {
    /** Certificates of one chain; authorities send two to four. */
    static final int MAX_CHAIN = 10;

    private static final String KEY = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private Pem() {}

    static String of(PrivateKey key) {
        return block(KEY, key.getEncoded());
    }

    static String of(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate certificate : chain) {
                text.append(block(CERTIFICATE, certificate.getEncoded()));
            }
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
        return text.toString();
    }

    /**
     * The one EC key of a text.
     *
     * @throws GeneralSecurityException when there is none; the message shows nothing of the text
     */
    static PrivateKey key(String text) throws GeneralSecurityException {
        List<byte[]> keys = blocks(KEY, text);
        if (keys.size() != 1) {
            throw new GeneralSecurityException("there is not one private key in it");
        }
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(keys.get(0)));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new GeneralSecurityException("the private key in it cannot be read");
        }
    }

    /**
     * The certificates of a text, in their order.
     *
     * @throws GeneralSecurityException when there are none or too many, or one cannot be read
     */
    static List<X509Certificate> chain(String text) throws GeneralSecurityException {
        List<X509Certificate> chain = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (byte[] der : blocks(CERTIFICATE, text)) {
            try {
                chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
            } catch (CertificateException | RuntimeException e) {
                throw new GeneralSecurityException("a certificate in it cannot be read");
            }
        }
        if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
            throw new GeneralSecurityException("there are " + chain.size() + " certificates in it");
        }
        return chain;
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private static List<byte[]> blocks(String label, String text) throws GeneralSecurityException {
        String begin = "-----BEGIN " + label + "-----";
        String end = "-----END " + label + "-----";
        List<byte[]> blocks = new ArrayList<>();
        int at = text.indexOf(begin);
        while (at >= 0) {
            int stop = text.indexOf(end, at);
            if (stop < 0) {
                throw new GeneralSecurityException("it is cut off");
            }
            try {
                blocks.add(Base64.getMimeDecoder().decode(text.substring(at + begin.length(), stop)));
            } catch (IllegalArgumentException e) {
                throw new GeneralSecurityException("it is not base64");
            }
            at = text.indexOf(begin, stop);
        }
        return blocks;
    }
}
