package io.scrimplb.membership.jgroups;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/**
 * Faults of this program, at the places where they must not end the work: each kind is logged once with all that is
 * known of it, and at DEBUG when it comes again. Thread-safe.
 */
final class Faults {
    /** Kinds that are told apart; of those beyond nothing is logged above DEBUG. */
    private static final int KINDS = 32;

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    void log(Logger log, String what, Throwable fault) {
        StackTraceElement[] trace = fault.getStackTrace();
        String kind = fault.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
        if (told.size() < KINDS && told.add(kind)) {
            log.error(what, fault);
        } else {
            log.debug(what, fault);
        }
    }
}
