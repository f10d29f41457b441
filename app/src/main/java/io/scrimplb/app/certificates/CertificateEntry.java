package io.scrimplb.app.certificates;

import io.scrimplb.proxy.spec.CertificateSpec;
import java.util.Optional;

/**
 * A certificate that there is, or that there should be.
 *
 * @param name what status, metrics and log call it, such as the path of its file or the name it is for; unique within its
 *     origin, at most {@value #MAX_NAME_CHARACTERS} characters of visible ASCII
 * @param certificate what is shown to clients; empty while there is none. One that works stays here whatever became of its
 *     successor
 * @param problem what an operator should mend, one line without secrets; empty when all is well. That a certificate is
 *     expired, or soon will be, is found by the board and need not be said
 */
public record CertificateEntry(String name, Optional<CertificateSpec> certificate, Optional<String> problem) {
    static final int MAX_NAME_CHARACTERS = 512;

    /** One that works. */
    public static CertificateEntry of(CertificateSpec certificate) {
        return new CertificateEntry(certificate.name(), Optional.of(certificate), Optional.empty());
    }

    /** One that there is not, and why. */
    public static CertificateEntry missing(String name, String problem) {
        return new CertificateEntry(name, Optional.empty(), Optional.of(problem));
    }
}
