package io.scrimplb.app.registry;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Role;
import org.jspecify.annotations.Nullable;

/**
 * A member as the status shows it.
 *
 * @param id identity of this run of the process
 * @param handle readable and unique name
 * @param address where the cluster reaches it
 * @param self whether it is this process
 * @param claims what it may offer by its certificate; null when this process does not know
 */
public record MemberStatus(
        String id,
        String handle,
        Role role,
        String address,
        Condition condition,
        boolean self,
        @Nullable Claims claims) {
    /** What is known of a member. */
    public enum Condition {
        /** In the cluster; a load balancer, which is not asked for applications. */
        PRESENT("present"),
        /** A backend that has not told its applications yet. */
        ASKED("asked"),
        /** A backend that told its applications. */
        CONFIRMED("confirmed"),
        /** Does not answer and may be gone soon. */
        SUSPECTED("suspected"),
        /** Out of sight because this load balancer lost its network; its endpoints stay for a grace time. */
        HELD("held");

        private final String label;

        Condition(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}
