package io.scrimplb.app.metrics;

/** Names of the metrics of the cluster that the proxy knows nothing of. */
public final class ClusterMetricNames {
    /** Counter; label {@code reason}: {@code ignored}, {@code hostile}, {@code frame}, {@code application}. */
    public static final String MESSAGES_REFUSED = "scrimp_member_messages_refused_total";

    private ClusterMetricNames() {}
}
