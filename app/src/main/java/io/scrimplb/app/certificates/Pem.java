package io.scrimplb.app.certificates;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes the blocks of a PEM file (RFC 7468). What stands between them is no matter, as with OpenSSL: people put the text of a
 * certificate there, mail clients their byte order mark.
 */
public final class Pem {
    /** A chain of ten certificates with 4,096-bit keys, and their text, is some 80 KiB. */
    public static final int MAX_BYTES = 256 * 1024;
    /** A bundle of all authorities that browsers believe has about 150. */
    static final int MAX_BLOCKS = 500;

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,64})-----");

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private Pem() {}

    /** A key in PKCS#8. */
    public static String of(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    /** Certificates in their order. */
    public static String of(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
        return text.toString();
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /**
     * One block.
     *
     * @param label what stands behind BEGIN
     * @param encrypted whether its content is encrypted (RFC 1421, 4.6.1.1)
     * @param der its content; empty when it is encrypted
     */
    record Block(String label, boolean encrypted, byte[] der) {
        /** Without the content, which may be a key. */
        @Override
        public String toString() {
            return "Block[" + label + "]";
        }
    }

    static List<Block> blocks(byte[] file) throws PemException {
        if (file.length > MAX_BYTES) {
            throw new PemException("has more than " + MAX_BYTES / 1024 + " KiB");
        }
        String text = new String(file, StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        Matcher begin = BEGIN.matcher(text);
        int from = 0;
        while (begin.find(from)) {
            String label = begin.group(1);
            String closing = "-----END " + label + "-----";
            int end = text.indexOf(closing, begin.end());
            if (end < 0) {
                throw new PemException("holds a " + label + " that does not end; it is not complete");
            }
            if (blocks.size() == MAX_BLOCKS) {
                throw new PemException("holds more than " + MAX_BLOCKS + " blocks");
            }
            blocks.add(block(label, text.substring(begin.end(), end)));
            from = end + closing.length();
        }
        return blocks;
    }

    private static Block block(String label, String content) throws PemException {
        boolean encrypted = label.equals("ENCRYPTED PRIVATE KEY") || content.contains("ENCRYPTED");
        if (encrypted) {
            return new Block(label, true, new byte[0]);
        }
        try {
            return new Block(label, false, Base64.getDecoder().decode(content.replaceAll("\\s", "")));
        } catch (IllegalArgumentException notBase64) {
            // Its message quotes characters of what may be a key.
            throw new PemException("holds a " + label + " that is not Base64; it is damaged");
        }
    }
}
