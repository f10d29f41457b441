package io.scrimplb.app.metrics;

/** Names of the metrics of certificates. */
public final class CertificateMetricNames {
    /** Gauge, seconds; label {@code certificate}: its file; {@code acme} is the first to end of those that were ordered. */
    public static final String EXPIRY = "scrimp_certificate_expiry_seconds";

    private CertificateMetricNames() {}
}
