package io.scrimplb.app.config;

import io.scrimplb.app.certificates.CertificateChains;
import io.scrimplb.app.certificates.PemException;
import io.scrimplb.membership.wire.WireLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** The types of values that name a PEM file and mean what stands in it. */
final class PemTypes {
    /** Read at most; what is left of it without the text between the certificates is bounded more narrowly. */
    private static final int MAX_FILE_BYTES = 256 * 1024;

    private static final int LINE_CHARACTERS = 64;

    /**
     * A file with the certificates of authorities.
     *
     * @param pem them alone: they travel to the load balancers, which have no such file
     */
    record Authorities(Path file, String pem) {}

    static final ScalarType<Authorities> AUTHORITIES = new ScalarType<>("PEM file", text -> {
        Path file = ScalarTypes.FILE.parser().parse(text);
        try (InputStream in = Files.newInputStream(file)) {
            String pem = authorities(new String(in.readNBytes(MAX_FILE_BYTES), StandardCharsets.ISO_8859_1));
            if (pem.length() > WireLimits.CA_CHARS) {
                throw new BadValueException(Excerpt.quote(text) + " has certificates of more than "
                        + WireLimits.CA_CHARS / 1024
                        + " KiB; name a file with the one authority that signed the application's");
            }
            return new Authorities(file, pem);
        } catch (IOException failed) {
            throw new BadValueException(Excerpt.quote(text) + ": " + SourceFile.reason(file, failed));
        } catch (PemException bad) {
            throw new BadValueException(Excerpt.quote(text) + " " + bad.getMessage());
        }
    });

    private PemTypes() {}

    private static String authorities(String file) throws PemException {
        Base64.Encoder base64 = Base64.getMimeEncoder(LINE_CHARACTERS, "\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder pem = new StringBuilder();
        for (X509Certificate certificate : CertificateChains.authorities(file)) {
            try {
                pem.append("-----BEGIN CERTIFICATE-----\n")
                        .append(base64.encodeToString(certificate.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was read cannot be written", e);
            }
        }
        return pem.toString();
    }
}
