package io.scrimplb.app.acme;

import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * For which hosts a certificate is wanted, and why not for the others.
 *
 * @param hosts one certificate each
 * @param refused hosts that are held at a TLS listener and get none, with the reason
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
     * @param hook whether wildcards can be proved
     * @param ownAuthority as in {@link IssuableName#refusal}
     */
    static Wanted of(Set<String> held, Collection<String> files, boolean hook, boolean ownAuthority) {
        SortedSet<String> hosts = new TreeSet<>();
        SortedMap<String, String> refused = new TreeMap<>();
        for (String host : new TreeSet<>(held)) {
            if (files.stream().anyMatch(file -> IssuableName.covers(file, host))) {
                continue;
            }
            IssuableName.refusal(host, hook, ownAuthority)
                    .ifPresentOrElse(why -> refused.put(host, why), () -> hosts.add(host));
        }
        // One that a wildcard is good for needs none of its own.
        hosts.removeIf(
                host -> hosts.stream().anyMatch(other -> !other.equals(host) && IssuableName.covers(other, host)));
        while (hosts.size() > MAX_HOSTS) {
            String last = hosts.last();
            hosts.remove(last);
            refused.put(last, "is beyond the " + MAX_HOSTS + " names that certificates are ordered for");
        }
        return new Wanted(hosts, refused);
    }
}
