package io.scrimplb.membership;

import java.util.List;

/**
 * What a member may offer, by its certificate.
 *
 * @param domains domains it may claim, lower case; empty means any. {@code *.example.com} stands for every host below
 *     {@code example.com} and for wildcards below or equal to it
 * @param ports listen ports it may ask for; empty means any
 */
public record Claims(List<String> domains, List<PortRange> ports) {
    /** Whatever the load balancer itself allows. */
    public static final Claims UNLIMITED = new Claims(List.of(), List.of());

    public Claims {
        domains = List.copyOf(domains);
        ports = List.copyOf(ports);
    }
}
