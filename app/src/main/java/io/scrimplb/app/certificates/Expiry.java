package io.scrimplb.app.certificates;

import io.scrimplb.proxy.spec.CertificateSpec;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
                valid.addAll(names(certificate));
            }
        }
        for (CertificateSpec certificate : expired) {
            List<String> names = names(certificate);
            if (names.isEmpty() || !names.stream().allMatch(name -> covers(valid, name))) {
                kept.add(certificate);
            }
        }
        return kept;
    }

    /** A wildcard stands for one label (RFC 6125, 6.4.3). */
    private static boolean covers(Set<String> valid, String name) {
        int dot = name.indexOf('.');
        return valid.contains(name) || (dot > 0 && valid.contains("*" + name.substring(dot)));
    }

    private static List<String> names(CertificateSpec certificate) {
        return CertificateBoard.hosts(leaf(certificate)).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static Instant end(CertificateSpec certificate) {
        return leaf(certificate).getNotAfter().toInstant();
    }

    private static X509Certificate leaf(CertificateSpec certificate) {
        return certificate.chain().get(0);
    }
}
