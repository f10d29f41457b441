package io.scrimplb.membership.jgroups;

/**
 * How often members say that they live, and report to other partitions, by the size of the cluster. All ms.
 *
 * <p>Up to {@value #UNHURRIED} members the times are those that see a hang within 4 s: {@value #TIMEOUT_MILLIS} of
 * silence, up to half a heartbeat to notice it, 300 to 600 of VERIFY_SUSPECT2, and a view. Above, all times grow with
 * the number of members, to five times at 100, so that what a load balancer sends and hears, which is one heartbeat from
 * and to each member, grows no further: 48 a second each way at 25 members, 40 at 100, never above.
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

    /** Members above {@link #UNHURRIED} by which times grow by what they are there. */
    private static final double SLOWER_EVERY = 18.75;

    static ClusterPace of(int members) {
        double slower = 1 + Math.max(0, members - UNHURRIED) / SLOWER_EVERY;
        return new ClusterPace(
                Math.round(HEARTBEAT_MILLIS * slower),
                Math.round(TIMEOUT_MILLIS * slower),
                Math.round(MIN_REPORT_MILLIS * slower),
                Math.round(MAX_REPORT_MILLIS * slower));
    }
}
