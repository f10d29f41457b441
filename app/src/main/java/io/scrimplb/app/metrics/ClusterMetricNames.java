package io.scrimplb.app.metrics;

/** Names of the metrics of the cluster that the proxy knows nothing of. */
public final class ClusterMetricNames {
    /** Counter; label {@code reason}: {@code ignored}, {@code hostile}, {@code frame}, {@code application}, {@code connection}. */
    public static final String MESSAGES_REFUSED = "scrimp_member_messages_refused_total";

    /** Counter; label {@code direction}: {@code in} and {@code out}. */
    public static final String MESSAGES_DROPPED = "scrimp_member_messages_dropped_total";

    private ClusterMetricNames() {}
}
