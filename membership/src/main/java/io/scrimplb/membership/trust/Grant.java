package io.scrimplb.membership.trust;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * What a certificate lets its holder be and do.
 *
 * @param role the only role it may take; empty for a holder of the cluster secret, who may take any
 * @param claims what it may offer
 * @param joinsUntil end of the time in which it may join; empty for never
 */
public record Grant(Optional<Role> role, Claims claims, Optional<Instant> joinsUntil) {
    /** Of a holder of the cluster secret, and of anybody where there is no secret. */
    public static final Grant FULL = new Grant(Optional.empty(), Claims.UNLIMITED, Optional.empty());

    /** Whether its holder may join at that time. Who joined before may stay. */
    public boolean mayJoin(Instant now) {
        return joinsUntil.isEmpty() || now.isBefore(joinsUntil.get());
    }
}
