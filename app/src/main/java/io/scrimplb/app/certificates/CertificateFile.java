package io.scrimplb.app.certificates;

import java.nio.file.Path;

/**
 * A certificate that the configuration names. The two may be one file.
 *
 * @param chain PEM file with the certificate and its intermediates
 * @param key PEM file with the private key
 */
public record CertificateFile(Path chain, Path key) {
    /** What log, status and metrics call it. */
    public String name() {
        String text = chain.toString();
        return text.length() <= CertificateEntry.MAX_NAME_CHARACTERS
                ? text
                : "…" + text.substring(text.length() - CertificateEntry.MAX_NAME_CHARACTERS + 1);
    }
}
