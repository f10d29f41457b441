package io.scrimplb.membership;

import java.util.List;

/**
 * What a member may offer, by its certificate. A join token that 'scrimp token create' made names ports at least, 1-65535
 * where any goes, so that {@link #UNLIMITED} is what a holder of the cluster secret has.
 *
 * @param domains domains it may claim, lower case; empty means any, and so does {@code *}. {@code *.example.com} stands
 *     for every host below {@code example.com} and for wildcards below or equal to it. Where there is a limit without
 *     {@code *}, whatever names no domain is outside it, since it would answer for all
 * @param ports listen ports it may ask for; empty means any
 */
public record Claims(List<String> domains, List<PortRange> ports) {
    /** The domain that stands for any host. */
    public static final String ANY_DOMAIN = "*";
    /** Whatever the load balancer itself allows. */
    public static final Claims UNLIMITED = new Claims(List.of(), List.of());

    public Claims {
        domains = List.copyOf(domains);
        ports = List.copyOf(ports);
    }

    /** Whether there is no limit at all. */
    public boolean unlimited() {
        return domains.isEmpty() && ports.isEmpty();
    }

    /**
     * Whether a domain may be claimed.
     *
     * @param domain lower case, {@code *.example.com}, or {@code *} for any host
     */
    public boolean allowsDomain(String domain) {
        return domains.isEmpty() || domains.stream().anyMatch(rule -> covers(rule, domain));
    }

    /** Whether a listen port may be asked for. */
    public boolean allowsPort(int port) {
        return ports.isEmpty() || ports.stream().anyMatch(range -> range.contains(port));
    }

    /**
     * The one rule of which domain stands for which, as a certificate's would be.
     *
     * @param rule as in {@link #domains}
     * @param domain as in {@link #allowsDomain}
     */
    public static boolean covers(String rule, String domain) {
        if (rule.equals(ANY_DOMAIN) || rule.equals(domain)) {
            return true;
        }
        // "*.example.com" keeps its dot, so that "notexample.com" is not covered.
        return rule.startsWith("*.")
                && domain.length() > rule.length() - 1
                && domain.endsWith(rule.substring(1))
                && !domain.equals(ANY_DOMAIN);
    }
}
