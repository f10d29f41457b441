package io.scrimplb.app.registry;

import java.util.SortedMap;
import java.util.TreeMap;

/** Who claims what, and who holds it: the first one of the best rank, until it goes. */
final class ClaimTable {
    private final SortedMap<Integer, PortClaims> ports = new TreeMap<>();
    private final int defaultListenPort;

    /** @param defaultListenPort stays an HTTP port whoever asks for it, so that a newcomer sees a page there */
    ClaimTable(int defaultListenPort) {
        this.defaultListenPort = defaultListenPort;
    }

    void add(Claim claim, Claimant claimant) {
        ports.computeIfAbsent(claim.port(), port -> new PortClaims(port == defaultListenPort))
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
