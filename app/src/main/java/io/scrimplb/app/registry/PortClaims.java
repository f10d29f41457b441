package io.scrimplb.app.registry;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All claims on one listen port. The port is of one kind, and stays what it is while an application of equal rank needs that:
 * a waiting TCP application does not break the HTTP applications that came after it but were served.
 *
 * <p>Where HTTP is decrypted, names whose connections are passed on undecrypted share the port with it. Then each host is
 * either the one or the other, by the same rule: decrypting a part of what another application encrypts for itself is as
 * little wanted as the reverse.
 */
final class PortClaims {
    private final Map<Claim.Way, TreeSet<Claimant>> byWay = Map.of(
            Claim.Way.HTTP, new TreeSet<>(), Claim.Way.TCP, new TreeSet<>(), Claim.Way.PASSTHROUGH, new TreeSet<>());
    private final TreeMap<Claim.Http, TreeSet<Claimant>> http =
            new TreeMap<>(Comparator.comparing(Claim.Http::host).thenComparing(Claim.Http::path));
    /** By host. */
    private final SortedMap<String, TreeSet<Claimant>> passthrough = new TreeMap<>();
    /** Hosts that are not decrypted, where HTTP is. */
    private final Set<String> passed = new HashSet<>();

    private PortRule rule;
    private Claim.Way kind = Claim.Way.HTTP;

    PortClaims(PortRule rule) {
        this.rule = rule;
    }

    /** Another rule, after a reload. */
    void rule(PortRule next) {
        if (!next.equals(rule)) {
            rule = next;
            passthrough.keySet().forEach(this::settle);
            settle();
        }
    }

    void add(Claim claim, Claimant claimant) {
        claimants(claim.way()).add(claimant);
        if (claim instanceof Claim.Http target) {
            http.computeIfAbsent(target, t -> new TreeSet<>()).add(claimant);
            settle(target.host());
        } else if (claim instanceof Claim.Tls target) {
            passthrough.computeIfAbsent(target.host(), t -> new TreeSet<>()).add(claimant);
            settle(target.host());
        }
        settle();
    }

    void remove(Claim claim, Claimant claimant) {
        claimants(claim.way()).remove(claimant);
        if (claim instanceof Claim.Http target) {
            remove(http, target, claimant);
            settle(target.host());
        } else if (claim instanceof Claim.Tls target) {
            remove(passthrough, target.host(), claimant);
            settle(target.host());
        }
        settle();
    }

    private static <K> void remove(Map<K, TreeSet<Claimant>> from, K place, Claimant claimant) {
        TreeSet<Claimant> there = from.get(place);
        if (there != null && there.remove(claimant) && there.isEmpty()) {
            from.remove(place);
        }
    }

    private TreeSet<Claimant> claimants(Claim.Way way) {
        return Objects.requireNonNull(byWay.get(way));
    }

    /** Chooses the kind of the port. */
    private void settle() {
        Claim.Way best = Claim.Way.HTTP;
        Claimant first = rule.httpOnly() ? null : firstOfKind(best);
        for (Claim.Way other : Claim.Way.values()) {
            Claimant candidate = rule.httpOnly() || other == best ? null : firstOfKind(other);
            if (candidate != null && (first == null || before(candidate, other, first, best))) {
                best = other;
                first = candidate;
            }
        }
        kind = best;
    }

    /** A better rank comes first, then what the port is already, then the earlier one. */
    private boolean before(Claimant one, Claim.Way way, Claimant other, Claim.Way otherWay) {
        int order = one.rank().compareTo(other.rank());
        if (order != 0 || otherWay == kind) {
            return order < 0;
        }
        return way == kind || one.compareTo(other) < 0;
    }

    private @Nullable Claimant firstOfKind(Claim.Way way) {
        Claimant first = first(claimants(way));
        if (!rule.terminates() || way == Claim.Way.TCP) {
            return first;
        }
        if (way == Claim.Way.PASSTHROUGH) {
            return null;
        }
        Claimant also = first(claimants(Claim.Way.PASSTHROUGH));
        return first == null || (also != null && also.compareTo(first) < 0) ? also : first;
    }

    /** Chooses whether a host is decrypted. */
    private void settle(String host) {
        TreeSet<Claimant> waiting = passthrough.get(host);
        if (waiting == null || !rule.terminates()) {
            passed.remove(host);
            return;
        }
        Claimant decrypting = firstHttp(host);
        int order = decrypting == null ? -1 : waiting.first().rank().compareTo(decrypting.rank());
        if (order < 0) {
            passed.add(host);
        } else if (order > 0) {
            passed.remove(host);
        }
    }

    /** The first one that has requests to a host, whatever their path; null for none. */
    private @Nullable Claimant firstHttp(String host) {
        Claimant first = null;
        for (Map.Entry<Claim.Http, TreeSet<Claimant>> entry :
                http.tailMap(new Claim.Http(0, host, "")).entrySet()) {
            if (!entry.getKey().host().equals(host)) {
                return first;
            }
            Claimant candidate = entry.getValue().first();
            first = first == null || candidate.compareTo(first) < 0 ? candidate : first;
        }
        return first;
    }

    boolean isEmpty() {
        return byWay.values().stream().allMatch(Set::isEmpty);
    }

    /** The application that has the whole port, if it is a TCP port. */
    Optional<String> tcpHolder() {
        return kind == Claim.Way.TCP
                ? Optional.of(claimants(Claim.Way.TCP).first().application())
                : Optional.empty();
    }

    /** Whether the listener there speaks TLS, be it that it decrypts or that it looks at names only. */
    boolean speaksTls() {
        return kind == Claim.Way.PASSTHROUGH || (kind == Claim.Way.HTTP && rule.terminates());
    }

    /** Tells the holder of each host and path that is HTTP, in the order of host and path. */
    void forEachHolder(BiConsumer<Claim.Http, String> consumer) {
        if (kind == Claim.Way.HTTP) {
            http.forEach((claim, claimants) -> {
                if (!passed.contains(claim.host())) {
                    consumer.accept(claim, claimants.first().application());
                }
            });
        }
    }

    /** Tells the holder of each host that is not decrypted, in the order of hosts. */
    void forEachPassthrough(BiConsumer<String, String> consumer) {
        passthrough.forEach((host, claimants) -> {
            if (isPassed(host)) {
                consumer.accept(host, claimants.first().application());
            }
        });
    }

    private boolean isPassed(String host) {
        return kind == Claim.Way.PASSTHROUGH || (kind == Claim.Way.HTTP && passed.contains(host));
    }

    /** Who holds the place that a claim asks for. */
    Holder holder(Claim claim) {
        if (claim instanceof Claim.Http target && kind == Claim.Way.HTTP && !passed.contains(target.host())) {
            TreeSet<Claimant> there = http.get(target);
            return holder(there == null ? null : first(there), Claim.Way.HTTP);
        }
        String host = claim instanceof Claim.Http target
                ? target.host()
                : claim instanceof Claim.Tls secret ? secret.host() : "";
        TreeSet<Claimant> passing = passthrough.get(host);
        if (passing != null && isPassed(host)) {
            return holder(passing.first(), Claim.Way.PASSTHROUGH);
        }
        if (kind == Claim.Way.HTTP && rule.terminates() && claim instanceof Claim.Tls) {
            return holder(firstHttp(host), Claim.Way.HTTP);
        }
        return holder(firstOfKind(kind), kind);
    }

    private static @Nullable Claimant first(TreeSet<Claimant> claimants) {
        return claimants.isEmpty() ? null : claimants.first();
    }

    private static Holder holder(@Nullable Claimant claimant, Claim.Way way) {
        return new Holder(claimant == null ? "" : claimant.application(), way);
    }

    /**
     * Whoever holds a place.
     *
     * @param application its name, empty for the HTTP listener itself
     * @param way how what arrives there is forwarded
     */
    record Holder(String application, Claim.Way way) {}
}
