package io.scrimplb.app.certificates;

import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.ChallengeSpec;
import java.util.List;
import java.util.function.Supplier;

/**
 * What TLS listeners can show at one moment.
 *
 * @param certificates those that work, files first; may be empty
 * @param challenges of authorities that are about to sign a certificate
 * @param fallback makes the certificate for a listener that has none of those; the same one each time. Called only where it
 *     is needed, since the first call takes some time
 */
public record TlsMaterial(
        List<CertificateSpec> certificates, List<ChallengeSpec> challenges, Supplier<CertificateSpec> fallback) {
    public TlsMaterial {
        certificates = List.copyOf(certificates);
        challenges = List.copyOf(challenges);
    }
}
