package io.scrimplb.app.registry;

import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.membership.Claims;
import io.scrimplb.proxy.spec.BalancePolicy;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One application as one source offers it, after the rules were applied.
 *
 * @param source handle of the member, or {@link #STATIC}
 * @param usable whether there is anything to forward
 * @param targets where it is reached
 * @param claims what it asks for and may have
 * @param limits what its member may answer for by its join token; all that it claims is within them
 * @param terms how it wants its requests shared out
 * @param refusals what it asked for and may not have, each one line
 */
record Offer(
        String source,
        ApplicationProtocol protocol,
        boolean usable,
        List<InetSocketAddress> targets,
        Set<Claim> claims,
        Claims limits,
        Terms terms,
        List<String> refusals) {
    /** The source of what stands in the load balancer's own file; a member's handle never is that. */
    static final String STATIC = "static";

    boolean isStatic() {
        return source.equals(STATIC);
    }

    /** The first of its hosts that is one name: what a certificate of its endpoints would be for. */
    Optional<String> firstDomain() {
        return claims.stream()
                .filter(Claim.Http.class::isInstance)
                .map(claim -> ((Claim.Http) claim).host())
                .filter(host -> !host.startsWith("*") && !host.startsWith("["))
                .findFirst();
    }

    /** Whether its member may answer for all of that. */
    boolean mayAnswerFor(Collection<Claim> others) {
        return limits.unlimited() || others.stream().allMatch(claim -> claim.within(limits));
    }

    /**
     * How an application wants its requests shared out and forwarded.
     *
     * @param weight 1 to 1000
     * @param balance policy it asks for, null for the default
     * @param version free text, null when not given
     * @param origin how its endpoints are spoken with
     */
    record Terms(
            int weight,
            @Nullable BalancePolicy balance,
            @Nullable String version,
            OriginTerms origin) {}
}
