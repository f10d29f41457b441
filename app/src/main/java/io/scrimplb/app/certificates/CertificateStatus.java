package io.scrimplb.app.certificates;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A certificate as the status shows it.
 *
 * @param name as in {@link CertificateEntry#name}
 * @param hosts the names and addresses it is for; empty while there is none
 * @param notBefore null while there is none
 * @param notAfter null while there is none
 * @param told what whoever brought it has to say, null for nothing
 * @param ofDates what its dates say, null for nothing
 */
public record CertificateStatus(
        String name,
        CertificateOrigin origin,
        List<String> hosts,
        @Nullable Instant notBefore,
        @Nullable Instant notAfter,
        @Nullable String told,
        @Nullable String ofDates) {
    public CertificateStatus {
        hosts = List.copyOf(hosts);
    }

    /** What an operator should mend; empty when all is well. */
    public Optional<String> problem() {
        if (told != null && ofDates != null) {
            return Optional.of(told + "; the one in use " + ofDates);
        }
        return Optional.ofNullable(told == null ? ofDates : told);
    }

    /** That it is expired, nearly so, or not valid yet. */
    public Optional<String> dateProblem() {
        return Optional.ofNullable(ofDates);
    }
}
