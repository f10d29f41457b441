package io.scrimplb.app.metrics;

/** Names of the metrics of certificates. */
public final class CertificateMetricNames {
    /** Gauge, seconds; label {@code certificate}: its file, or the name it is for. */
    public static final String EXPIRY = "scrimp_certificate_expiry_seconds";

    private CertificateMetricNames() {}
}
