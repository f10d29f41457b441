package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.Reach;
import io.scrimplb.membership.transport.Versions;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jgroups.stack.IpAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says why a member finds no cluster through its seeds: one line for each seed, and another one when the cause
 * changes. What nothing but a change of configuration cures is said at once; for the rest, a load balancer that starts
 * at the same time gets a moment. Thread-safe.
 */
final class SeedDoubts {
    private static final Logger LOG = LoggerFactory.getLogger(SeedDoubts.class);
    /** Time a search goes on before it is said that a seed is not reached. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(4);
    /** Time a member may take until it has a cluster itself. */
    private static final long LEADERLESS_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final String NAME_UNKNOWN = "its name is unknown; check the spelling, and the DNS of this machine";

    private final String clusterName;
    private final Role role;
    private final Versions versions;
    private final Function<InetSocketAddress, Reach> reach;
    private final Consumer<String> trouble;
    private final LongSupplier nanos;
    private final Map<String, String> told = new HashMap<>();
    private boolean searching;
    private long sinceNanos;

    /**
     * @param versions what this program speaks
     * @param reach what came of the last attempt to reach an address
     * @param trouble told what was logged
     * @param nanos a clock
     */
    SeedDoubts(
            String clusterName,
            Role role,
            Versions versions,
            Function<InetSocketAddress, Reach> reach,
            Consumer<String> trouble,
            LongSupplier nanos) {
        this.clusterName = clusterName;
        this.role = role;
        this.versions = versions;
        this.reach = reach;
        this.trouble = trouble;
        this.nanos = nanos;
    }

    /** A search found no cluster. */
    synchronized void fruitless(SeedReading seeds) {
        if (!seeds.read()) {
            return;
        }
        if (!searching) {
            searching = true;
            sinceNanos = nanos.getAsLong();
        }
        judge(seeds, nanos.getAsLong() - sinceNanos);
    }

    /** This member has a cluster, but misses others: says only what a change of configuration has to cure. */
    synchronized void lonely(SeedReading seeds) {
        judge(seeds, 0);
    }

    /** The search found what it looked for, or ends without. */
    synchronized void over() {
        searching = false;
    }

    private void judge(SeedReading seeds, long searchedNanos) {
        told.keySet().retainAll(seeds.places().keySet());
        for (Map.Entry<String, List<IpAddress>> seed : seeds.places().entrySet()) {
            Optional<String> cause = seed.getValue().isEmpty()
                    ? patiently(searchedNanos, NAME_UNKNOWN)
                    : cause(best(seed.getValue()), searchedNanos);
            if (cause.isEmpty() || cause.get().equals(told.put(seed.getKey(), cause.get()))) {
                continue;
            }
            String message = "the cluster '" + clusterName + "' is not found at the seed " + seed.getKey() + ": "
                    + cause.get() + "; still trying";
            LOG.warn(message);
            trouble.accept(message);
        }
    }

    /** Of several addresses of one seed, what says most. */
    private Reach best(List<IpAddress> addresses) {
        Reach best = null;
        for (IpAddress address : addresses) {
            Reach next = reach.apply(new InetSocketAddress(address.getIpAddress(), address.getPort()));
            if (best == null || next.outcome().compareTo(best.outcome()) > 0) {
                best = next;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("no address");
        }
        return best;
    }

    private Optional<String> cause(Reach found, long searchedNanos) {
        String detail = found.detail();
        String founding = role == Role.LOAD_BALANCER && found.outcome().forbidsFounding()
                ? ", and this load balancer founds no second cluster beside it"
                : "";
        return switch (found.outcome()) {
            case UNKNOWN -> Optional.empty();
            case CONNECTION_REFUSED ->
                patiently(
                        searchedNanos,
                        "connection refused; check that a load balancer runs there, and that this is its cluster port");
            case CONNECTED, NO_ANSWER ->
                patiently(searchedNanos, "no answer; check the address, and the firewalls on the way");
            case ITSELF ->
                role == Role.LOAD_BALANCER
                        ? Optional.empty()
                        : patiently(
                                searchedNanos,
                                "that is this backend itself; name the address and the cluster port of a load balancer");
            case NOT_A_MEMBER ->
                patiently(
                        searchedNanos,
                        "something answers there that is no member of a cluster; check the address and the port");
            case OTHER_CLUSTER ->
                Optional.of("the cluster there is called '" + detail + "'; set cluster-name to the same on both");
            case OTHER_VERSION ->
                Optional.of("it speaks another version of the cluster's protocol (" + detail + ", this one " + versions
                        + "); update the older of the two" + founding);
            case SECRET_WANTED ->
                Optional.of("the cluster there has a cluster-secret and this member has none; set cluster-secret"
                        + (role == Role.BACKEND ? " or join-token" : "") + founding);
            case NO_SECRET ->
                Optional.of("the cluster there has no cluster-secret and this member has one; set the same"
                        + " cluster-secret on all members" + founding);
            case OTHER_SECRET ->
                Optional.of("a member with another cluster-secret answers there; set the same cluster-secret on all"
                        + " members" + (role == Role.BACKEND ? ", or a join-token of that cluster" : "") + founding);
            case TOKEN_EXPIRED ->
                Optional.of("the join-token of this member has expired" + (detail.isEmpty() ? "" : " (" + detail + ")")
                        + "; make a new one there with 'token create'");
            case NOT_GRANTED -> Optional.of("it does not let this member in: " + detail + founding);
            case MEMBER ->
                searchedNanos < LEADERLESS_NANOS
                        ? Optional.empty()
                        : Optional.of("the member there has found no cluster itself; see its log");
        };
    }

    private static Optional<String> patiently(long searchedNanos, String cause) {
        return searchedNanos < PATIENCE_NANOS ? Optional.empty() : Optional.of(cause);
    }
}
