package io.scrimplb.proxy.spec;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What distinguishes the routes of two specs. */
public final class RouteDifference {
    private RouteDifference() {}

    /**
     * The routes that one list has and the other has not, or not as often. Where a list holds no route twice, their order
     * makes no difference. Quick where the lists begin and end alike, as those of two specs in succession do.
     */
    public static Set<RouteSpec> between(List<RouteSpec> before, List<RouteSpec> after) {
        int start = 0;
        int beforeEnd = before.size();
        int afterEnd = after.size();
        while (start < beforeEnd && start < afterEnd && before.get(start).equals(after.get(start))) {
            start++;
        }
        while (beforeEnd > start
                && afterEnd > start
                && before.get(beforeEnd - 1).equals(after.get(afterEnd - 1))) {
            beforeEnd--;
            afterEnd--;
        }
        Set<RouteSpec> vanished = new HashSet<>(before.subList(start, beforeEnd));
        Set<RouteSpec> different = new HashSet<>();
        for (RouteSpec route : after.subList(start, afterEnd)) {
            if (!vanished.remove(route)) {
                different.add(route);
            }
        }
        different.addAll(vanished);
        return different;
    }
}
