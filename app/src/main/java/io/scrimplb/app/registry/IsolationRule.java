package io.scrimplb.app.registry;

import io.scrimplb.membership.Role;
import java.time.Duration;
import java.util.Collection;

/**
 * Tells 'I lost my network' from 'the last backends died'. Both look the same from here: nobody else is in sight. A dead
 * backend must be out of the table within seconds, while a load balancer that was merely cut off must keep its table.
 *
 * <p>It is taken as a lost network when nobody else is left and
 *
 * <ul>
 *   <li>another load balancer vanished with or shortly before the last members: backends dying does not take that along;
 *   <li>or two or more members vanished in the very same view: independent processes do not die in the same instant;
 *   <li>or three or more vanished within {@link #SPREAD}: failure detection notices a cut in rounds, so that it may
 *       arrive as several views.
 * </ul>
 *
 * <p>A backend that leaves in good order says that it has no applications before it goes. Such a one is no evidence and
 * is never held; nor is anybody held while none of the vanished offered anything.
 *
 * <p>So a single backend that dies as the last one is removed at once, and so is the second of two that die one after
 * the other. Two backends that are killed in the same instant beside a lone load balancer are held for the grace time;
 * connect failures and retries answer for them meanwhile, which costs a 502 in place of a 503.
 */
final class IsolationRule {
    /** Heartbeats of different members are up to two rounds of 500 ms apart, verification takes some 300 ms. */
    static final Duration SPREAD = Duration.ofSeconds(2);

    private static final int TOGETHER = 2;
    private static final int IN_A_ROW = 3;

    private IsolationRule() {}

    /**
     * @param nowLost members that vanished in the view after which nobody else is left
     * @param lately members that vanished within {@link #SPREAD}, those included
     */
    static boolean isolated(Collection<Role> nowLost, Collection<Role> lately) {
        return lately.contains(Role.LOAD_BALANCER) || nowLost.size() >= TOGETHER || lately.size() >= IN_A_ROW;
    }
}
