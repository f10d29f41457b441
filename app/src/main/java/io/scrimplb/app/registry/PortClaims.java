package io.scrimplb.app.registry;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * All claims on one listen port. The port is either HTTP or TCP, and stays what it is while an application of equal
 * rank needs that: a waiting TCP application does not break the HTTP applications that came after it but were served.
 */
final class PortClaims {
    private final boolean httpOnly;
    private final Map<Claim.Http, TreeSet<Claimant>> http =
            new TreeMap<>(Comparator.comparing(Claim.Http::host).thenComparing(Claim.Http::path));
    private final TreeSet<Claimant> allHttp = new TreeSet<>();
    private final TreeSet<Claimant> tcp = new TreeSet<>();
    private boolean tcpPort;

    PortClaims(boolean httpOnly) {
        this.httpOnly = httpOnly;
    }

    void add(Claim claim, Claimant claimant) {
        if (claim instanceof Claim.Http target) {
            http.computeIfAbsent(target, t -> new TreeSet<>()).add(claimant);
            allHttp.add(claimant);
        } else {
            tcp.add(claimant);
        }
        settle();
    }

    void remove(Claim claim, Claimant claimant) {
        if (claim instanceof Claim.Http target) {
            TreeSet<Claimant> claimants = http.get(target);
            if (claimants != null && claimants.remove(claimant) && claimants.isEmpty()) {
                http.remove(target);
            }
            allHttp.remove(claimant);
        } else {
            tcp.remove(claimant);
        }
        settle();
    }

    private void settle() {
        if (httpOnly || tcp.isEmpty()) {
            tcpPort = false;
        } else if (allHttp.isEmpty()) {
            tcpPort = true;
        } else {
            int order = tcp.first().rank().compareTo(allHttp.first().rank());
            tcpPort = order < 0 || (order == 0 && tcpPort);
        }
    }

    boolean isEmpty() {
        return allHttp.isEmpty() && tcp.isEmpty();
    }

    /** The application that has the whole port, if it is a TCP port. */
    Optional<String> tcpHolder() {
        return tcpPort ? Optional.of(tcp.first().application()) : Optional.empty();
    }

    /** Tells the holder of each host and path, in the order of host and path; nothing on a TCP port. */
    void forEachHolder(BiConsumer<Claim.Http, String> consumer) {
        if (!tcpPort) {
            http.forEach((claim, claimants) ->
                    consumer.accept(claim, claimants.first().application()));
        }
    }

    /** Who holds the place that a claim asks for. */
    Holder holder(Claim claim) {
        if (claim instanceof Claim.Http target) {
            TreeSet<Claimant> claimants = http.get(target);
            if (!tcpPort && claimants != null) {
                return new Holder(claimants.first().application(), false);
            }
            return new Holder(tcp.first().application(), true);
        }
        if (tcpPort) {
            return new Holder(tcp.first().application(), true);
        }
        return new Holder(allHttp.isEmpty() ? "" : allHttp.first().application(), false);
    }

    /**
     * Whoever holds a place.
     *
     * @param application its name, empty for the default HTTP listener itself
     * @param tcp whether it has the whole port
     */
    record Holder(String application, boolean tcp) {}
}
