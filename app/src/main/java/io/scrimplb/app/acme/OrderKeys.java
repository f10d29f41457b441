package io.scrimplb.app.acme;

import java.security.KeyPair;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keys of certificates that are being signed, until they are here: a connection that breaks meanwhile costs no further order. In
 * memory alone; after a restart, and on another load balancer, such an order is of no use and another one is made. Thread-safe.
 */
final class OrderKeys {
    private record Kept(String orderUrl, KeyPair pair) {}

    /** By host, one each; as many as names are ordered for. */
    private final Map<String, Kept> keys = new ConcurrentHashMap<>();

    /** Before the authority is asked to sign. */
    void keep(String host, String orderUrl, KeyPair pair) {
        keys.put(host, new Kept(orderUrl, pair));
    }

    /** The key that an order was asked to be signed with; empty when that was not done here. */
    Optional<KeyPair> of(String host, String orderUrl) {
        return Optional.ofNullable(keys.get(host))
                .filter(kept -> kept.orderUrl().equals(orderUrl))
                .map(Kept::pair);
    }

    /** Whether any order for a host was finalized here, and its certificate did not come. */
    boolean holds(String host) {
        return keys.containsKey(host);
    }

    void forget(String host) {
        keys.remove(host);
    }

    /** Forgets those of all other hosts. */
    void keepOnly(Set<String> hosts) {
        keys.keySet().retainAll(hosts);
    }
}
