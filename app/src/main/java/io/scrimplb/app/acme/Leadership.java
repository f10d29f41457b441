package io.scrimplb.app.acme;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who orders: the first load balancer of the view that takes part. All members of one view see the same order, so that each
 * side of a partition has one. Stateless.
 */
final class Leadership {
    private Leadership() {}

    /**
     * @param loadBalancers ids in the order of the view, the oldest first
     * @param taking ids of those that take part in automatic certificates, this one included
     * @param unknown ids of those that may still say that they do; nobody orders before they had the time to
     * @return empty while it is not known
     */
    static Optional<String> leader(List<String> loadBalancers, Set<String> taking, Set<String> unknown) {
        for (String id : loadBalancers) {
            if (taking.contains(id)) {
                return Optional.of(id);
            }
            if (unknown.contains(id)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
