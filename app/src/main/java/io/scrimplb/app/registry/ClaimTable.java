package io.scrimplb.app.registry;

import java.util.SortedMap;
import java.util.TreeMap;

/** Who claims what, and who holds it: the first one of the best rank, until it goes. */
final class ClaimTable {
    private final SortedMap<Integer, PortClaims> ports = new TreeMap<>();
    private ClaimPolicy policy;

    /** @param policy says what each port may be */
    ClaimTable(ClaimPolicy policy) {
        this.policy = policy;
    }

    /** Another policy, after a reload. */
    void policy(ClaimPolicy next) {
        policy = next;
        ports.forEach((port, claims) -> claims.rule(PortRule.of(port, next)));
    }

    void add(Claim claim, Claimant claimant) {
        ports.computeIfAbsent(claim.port(), port -> new PortClaims(PortRule.of(port, policy)))
                .add(claim, claimant);
    }

    void remove(Claim claim, Claimant claimant) {
        PortClaims claims = ports.get(claim.port());
        if (claims != null) {
            claims.remove(claim, claimant);
            if (claims.isEmpty()) {
                ports.remove(claim.port());
            }
        }
    }

    /** The claims of each port that somebody claims, by port. */
    SortedMap<Integer, PortClaims> ports() {
        return ports;
    }
}
