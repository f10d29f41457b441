package io.scrimplb.membership.jgroups;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jgroups.util.Util;

/**
 * JGroups looks up this machine's own host name when its first class is loaded, for a value we never use. Where the name
 * is not in the hosts file and no name server answers, that takes until the system gives up, some eleven seconds. There
 * is no setting against it, and on this Java none of the JDK's that leaves other names alone; so it is said.
 */
final class OwnHostName {
    /** What is not worth a word, ms. */
    private static final long SLOW_MILLIS = 2_000;

    private OwnHostName() {}

    /**
     * Has JGroups do it now, unless it did so before. What to tell the operator when it took long.
     *
     * @param first what is to be done with JGroups' classes before anything else
     */
    static Optional<String> lookedUpBy(Runnable first) {
        long started = System.nanoTime();
        first.run();
        Util.getIpStackType();
        return complaint(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
    }

    static Optional<String> complaint(long millis) {
        return millis < SLOW_MILLIS
                ? Optional.empty()
                : Optional.of("looking up this machine's own host name took " + millis / 1_000
                        + " s at the start: put the name into /etc/hosts");
    }
}
