package io.scrimplb.app.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.scrimplb.app.certificates.CertificateOrigin;
import io.scrimplb.app.certificates.CertificateStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Shows how long certificates still last. Files that end first have series of their own; of the rest the first to end. Those that
 * were ordered share one, since their names are host names, which come and go as applications announce them.
 */
final class CertificateCollector implements MultiCollector {
    /** Certificates with series of their own. */
    static final int MAX_CERTIFICATES = 200;

    private static final double MILLIS_PER_SECOND = 1e3;

    private final Supplier<List<CertificateStatus>> source;
    private final Clock clock;

    CertificateCollector(Supplier<List<CertificateStatus>> source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public MetricSnapshots collect() {
        Map<String, Instant> ends = new TreeMap<>();
        for (CertificateStatus status : source.get()) {
            if (status.notAfter() != null) {
                String label =
                        status.origin() == CertificateOrigin.ACME ? CertificateOrigin.ACME.label() : status.name();
                ends.merge(label, status.notAfter(), (one, other) -> one.isBefore(other) ? one : other);
            }
        }
        List<Map.Entry<String, Instant>> nearest =
                ends.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList();
        Family family = new Family(
                CertificateMetricNames.EXPIRY,
                "Time until a certificate that clients are shown ends; negative once it is over.",
                "certificate");
        for (int i = 0; i < Math.min(nearest.size(), MAX_CERTIFICATES + 1); i++) {
            String label =
                    i == MAX_CERTIFICATES ? LabelCap.OTHER : nearest.get(i).getKey();
            Duration left = Duration.between(clock.instant(), nearest.get(i).getValue());
            family.add(left.toMillis() / MILLIS_PER_SECOND, label);
        }
        return nearest.isEmpty() ? MetricSnapshots.of() : MetricSnapshots.of(family.gauge());
    }
}
