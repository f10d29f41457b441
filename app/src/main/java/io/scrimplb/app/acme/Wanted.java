package io.scrimplb.app.acme;

import io.scrimplb.app.certificates.CertificateNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * For which hosts a certificate is wanted, and why not for the others.
 *
 * @param hosts one certificate each
 * @param refused hosts that are held at a TLS listener and get none, with the reason; the first {@link #MAX_HOSTS}
 */
record Wanted(SortedSet<String> hosts, SortedMap<String, String> refused) {
    /**
     * Certificates that are looked after at once. All of them are named, by 8 bytes each, in one message between load
     * balancers; and an authority such as Let's Encrypt signs 300 new ones in three hours.
     */
    static final int MAX_HOSTS = 2_000;

    /** Nothing. */
    static final Wanted NONE = new Wanted(new TreeSet<>(), new TreeMap<>());

    /**
     * @param held what applications hold at TLS listeners, which is the only permission there is; lower case
     * @param files names of the certificates in the operator's files that are valid now
     * @param having names for which a certificate that was ordered is valid now
     * @param hook whether wildcards can be proved
     * @param ownAuthority as in {@link IssuableName#refusal}
     */
    static Wanted of(
            Set<String> held, Collection<String> files, Set<String> having, boolean hook, boolean ownAuthority) {
        Set<String> filed = new HashSet<>(files);
        SortedSet<String> hosts = new TreeSet<>();
        SortedMap<String, String> refused = new TreeMap<>();
        List<String> order = new ArrayList<>(held);
        // One that has a certificate is not left without for another one when there are too many.
        order.sort(
                Comparator.comparing((String host) -> !having.contains(host)).thenComparing(Comparator.naturalOrder()));
        for (String host : order) {
            String wildcard = CertificateNames.wildcard(host);
            // A wildcard is relied on once it is there: proving it may take long, or never come about.
            boolean covered = CertificateNames.covers(filed, host)
                    || (held.contains(wildcard)
                            && having.contains(wildcard)
                            && IssuableName.refusal(wildcard, hook, ownAuthority)
                                    .isEmpty());
            if (covered) {
                continue;
            }
            Optional<String> why = IssuableName.refusal(host, hook, ownAuthority);
            if (why.isEmpty() && hosts.size() < MAX_HOSTS) {
                hosts.add(host);
            } else if (refused.size() < MAX_HOSTS) {
                refused.put(
                        host, why.orElse("is beyond the " + MAX_HOSTS + " names that certificates are ordered for"));
            }
        }
        return new Wanted(hosts, refused);
    }
}
