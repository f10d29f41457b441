package io.scrimplb.app.acme;

import io.scrimplb.seed.address.PrivateAddresses;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether an order would be in vain, judged before the authority is asked to look: it counts failures, and looking ourselves
 * costs nothing. Stateless.
 *
 * <p>All addresses of a name count, not one: an authority takes any, and IPv6 first. One that is none of ours condemns the name
 * only where a load balancer has a public address of the same family itself. Where none has, ours are behind a translation
 * (NAT), as in most clouds, and a foreign address may well be what it translates; then whoever answers there decides.
 */
final class Preflight {
    /** What came of asking for a challenge by its public name. */
    enum Outcome {
        /** It is there. */
        OURS,
        /** Somebody else answered. */
        OTHER,
        /** Nobody answered. */
        NOBODY,
        /** It was not tried, or nothing follows from what came. */
        UNKNOWN
    }

    /**
     * @param detail for people; one line
     */
    record Reached(Outcome outcome, String detail) {}

    private Preflight() {}

    /**
     * Why an order would be in vain by what the name leads to; empty when it may not be.
     *
     * @param resolved all addresses of the name
     * @param own addresses of all load balancers
     */
    static Optional<String> objection(String host, Collection<InetAddress> resolved, Set<InetAddress> own) {
        if (resolved.isEmpty()) {
            return Optional.of(host + " has no address in DNS");
        }
        List<InetAddress> foreign = resolved.stream()
                .filter(address -> !own.contains(address))
                .filter(address -> own.stream().anyMatch(ours -> isPublic(ours) && sameFamily(ours, address)))
                .toList();
        return foreign.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        host + " leads to " + foreign.get(0).getHostAddress()
                                + ", which is no load balancer's; mend DNS, or set acme.check to false if that is a proxy of yours");
    }

    /**
     * Why an order would be in vain by what answers at the name; empty when it may not be.
     *
     * @param resolved and
     * @param own as in {@link #objection(String, Collection, Set)}
     */
    static Optional<String> objection(
            String host, Reached reached, Collection<InetAddress> resolved, Set<InetAddress> own) {
        return switch (reached.outcome()) {
            case OURS, UNKNOWN -> Optional.empty();
            case OTHER ->
                Optional.of("something else answers at http://" + host + ": " + reached.detail()
                        + "; set acme.check to false if the authority gets through all the same");
            // Behind a translation the own public address often cannot be reached from within: no reason to give up.
            case NOBODY ->
                own.containsAll(resolved)
                        ? Optional.of("http://" + host + " cannot be reached: " + reached.detail()
                                + "; open the port, or set acme.check to false")
                        : Optional.empty();
        };
    }

    private static boolean isPublic(InetAddress address) {
        return !PrivateAddresses.isPrivate(address) && !address.isLinkLocalAddress();
    }

    private static boolean sameFamily(InetAddress one, InetAddress other) {
        return one.getAddress().length == other.getAddress().length;
    }
}
