package io.scrimplb.app.registry;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.proxy.spec.BalancePolicy;
import java.util.List;

/**
 * What backends may ask of this load balancer, and what they get when they ask for nothing in particular.
 *
 * @param allowedListenPorts ports a backend may have opened; the default listen port is always allowed
 * @param allowedDomains domains a backend may claim, lower case; empty means any. {@code shop.example.com} allows that
 *     host alone; {@code *.example.com} allows every host below {@code example.com} at any depth and wildcards below or
 *     equal to it, but not {@code example.com} itself, as a certificate would; {@code *} allows any. With a list that
 *     lacks {@code *} an application that names no domain is refused, since it would answer for all
 * @param defaultListenPort port of the listener that is always open and that applications without a listen port get;
 *     0 lets the system choose, for tests
 * @param defaultBalance policy of applications that name none
 * @param tls which listeners speak TLS
 */
public record ClaimPolicy(
        List<PortRange> allowedListenPorts,
        List<String> allowedDomains,
        int defaultListenPort,
        BalancePolicy defaultBalance,
        TlsPolicy tls) {
    public ClaimPolicy {
        allowedListenPorts = List.copyOf(allowedListenPorts);
        allowedDomains = List.copyOf(allowedDomains);
    }

    boolean allowsPort(int port) {
        return port == defaultListenPort || allowedListenPorts.stream().anyMatch(range -> range.contains(port));
    }

    /** Whether a domain, in lower case and {@code *} for any host, may be claimed. */
    boolean allowsDomain(String domain) {
        return allowedDomains.isEmpty() || allowedDomains.stream().anyMatch(rule -> Claims.covers(rule, domain));
    }
}
