package io.scrimplb.membership.jgroups;

/**
 * How often members say that they live, and report to other partitions, by the size of the cluster. All ms.
 *
 * <p>Up to {@value #UNHURRIED} members the times are those that see a hang within 4 s: {@value #TIMEOUT_MILLIS} of
 * silence and up to half a heartbeat to notice it, twice VERIFY_SUSPECT2's 300 at most, and a view. Above, all times
 * grow with the number of members, so that what a load balancer sends and receives, which hears from all, stays what it
 * is at {@value #UNHURRIED}.
 *
 * @param heartbeatMillis time between two heartbeats
 * @param timeoutMillis silence after which a member is suspected, five heartbeats
 * @param minReportMillis shortest time between two reports to other partitions
 * @param maxReportMillis JGroups picks the time between them at random from half of this to one and a half
 */
record ClusterPace(long heartbeatMillis, long timeoutMillis, long minReportMillis, long maxReportMillis) {
    /** Members up to which nothing is slowed down. */
    static final int UNHURRIED = 25;

    private static final long HEARTBEAT_MILLIS = 500;
    private static final long TIMEOUT_MILLIS = 2_500;
    private static final long MIN_REPORT_MILLIS = 1_000;
    private static final long MAX_REPORT_MILLIS = 2_000;

    static ClusterPace of(int members) {
        long times = Math.max(members, UNHURRIED);
        return new ClusterPace(
                HEARTBEAT_MILLIS * times / UNHURRIED,
                TIMEOUT_MILLIS * times / UNHURRIED,
                MIN_REPORT_MILLIS * times / UNHURRIED,
                MAX_REPORT_MILLIS * times / UNHURRIED);
    }
}
