package io.scrimplb.app.acme;

/** Names of the metrics of automatic certificates. */
public final class AcmeMetricNames {
    /** Counter; label {@code result}: {@code issued}, {@code failed} (at the authority), {@code put-off} (before it counted). */
    public static final String ORDERS = "scrimp_acme_orders_total";
    /** Gauge: 1 on the load balancer that orders, 0 on the others. */
    public static final String LEADS = "scrimp_acme_leads";

    private AcmeMetricNames() {}
}
