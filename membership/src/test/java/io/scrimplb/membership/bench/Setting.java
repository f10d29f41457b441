package io.scrimplb.membership.bench;

import java.util.List;
import java.util.Set;

/**
 * What is the same for all clusters of a run.
 *
 * @param secret of the cluster; empty for none
 * @param heapMb heap of the processes with one member
 * @param watchSeconds how long a cluster is watched when nothing happens
 * @param settleSeconds time before that, for what a new cluster is busy with to be over; three times that for large
 *     ones
 * @param times how often each event is caused
 * @param events what is caused, of {@link Detection#EVENTS}
 */
record Setting(String secret, int heapMb, int watchSeconds, int settleSeconds, int times, Set<String> events) {
    /** Heap that the README names for small machines, MB. */
    static final int SMALL_HEAP_MB = 32;

    /** Options of the JVMs with one member: those that the README names for small machines. */
    List<String> singleJvm() {
        return List.of(
                "-XX:+UseSerialGC",
                "-Xmx" + heapMb + "m",
                "-Xss256k",
                "-XX:MaxDirectMemorySize=32m",
                "-XX:ReservedCodeCacheSize=24m",
                "-XX:MaxMetaspaceSize=64m");
    }

    @Override
    public String toString() {
        return "a setting";
    }
}
