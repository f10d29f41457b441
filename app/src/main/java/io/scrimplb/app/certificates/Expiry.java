package io.scrimplb.app.certificates;

import io.scrimplb.proxy.spec.CertificateSpec;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What becomes of a certificate in use once it has expired. */
final class Expiry {
    private Expiry() {}

    /**
     * The same in the same order, but for those that expired: one is left out when others, valid now, are for all its names,
     * and else comes last, so that a valid one is shown where there is one. With nothing else the expired one stays, since its
     * clients can decide what to make of it and those of a missing one cannot.
     */
    static List<CertificateSpec> givingWay(List<CertificateSpec> certificates, Instant now) {
        List<CertificateSpec> expired = certificates.stream()
                .filter(certificate -> !now.isBefore(end(certificate)))
                .toList();
        if (expired.isEmpty()) {
            return certificates;
        }
        List<CertificateSpec> kept = new ArrayList<>(certificates);
        kept.removeAll(expired);
        Set<String> valid = new HashSet<>();
        for (CertificateSpec certificate : kept) {
            if (!now.isBefore(leaf(certificate).getNotBefore().toInstant())) {
                valid.addAll(CertificateNames.hosts(leaf(certificate)));
            }
        }
        for (CertificateSpec certificate : expired) {
            List<String> names = CertificateNames.hosts(leaf(certificate));
            if (names.isEmpty() || !names.stream().allMatch(name -> CertificateNames.covers(valid, name))) {
                kept.add(certificate);
            }
        }
        return kept;
    }

    private static Instant end(CertificateSpec certificate) {
        return leaf(certificate).getNotAfter().toInstant();
    }

    private static X509Certificate leaf(CertificateSpec certificate) {
        return certificate.chain().get(0);
    }
}
