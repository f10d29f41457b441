package io.scrimplb.app.acme;

import java.net.InetAddress;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The other load balancers: who takes part, who has told all it has, and whom to greet when. Not thread-safe; free of I/O and
 * of the clock.
 */
final class Peers {
    /** Longest time that one is waited for who may be of a version, or a configuration, without automatic certificates. */
    static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Between two greetings while no answer comes; they may be lost as long as the other does not see us yet. */
    private static final Duration AGAIN = Duration.ofMillis(500);
    /** Between two greetings of one that has told all, in case something was lost. */
    private static final Duration REPEAT = Duration.ofMinutes(1);

    /** One of them. */
    static final class Peer {
        private final Instant since;
        private @Nullable PublicKey key;
        private @Nullable Instant greeted;
        private Set<InetAddress> addresses = Set.of();
        private boolean told;
        /** Something came of the last greeting that was better than what was here. */
        private boolean brought;

        private long confirmed = Long.MIN_VALUE;

        private Peer(Instant since) {
            this.since = since;
        }
    }

    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private List<String> order = List.of();
    private String self = "";

    /**
     * Takes a new view.
     *
     * @param loadBalancers ids, the oldest first, this one's included
     * @return who is no longer there
     */
    List<String> view(List<String> loadBalancers, String own, Instant now) {
        order = List.copyOf(loadBalancers);
        self = own;
        List<String> gone = new ArrayList<>(peers.keySet());
        gone.removeAll(loadBalancers);
        peers.keySet().removeAll(gone);
        for (String id : loadBalancers) {
            if (!id.equals(own)) {
                peers.computeIfAbsent(id, newcomer -> new Peer(now));
            }
        }
        return gone;
    }

    /** Whom to greet now; they count as greeted. */
    List<String> toGreet(Instant now) {
        List<String> due = new ArrayList<>();
        peers.forEach((id, peer) -> {
            Duration pause = peer.told || isSilent(peer, now) ? REPEAT : AGAIN;
            if (peer.greeted == null || !now.isBefore(peer.greeted.plus(pause))) {
                peer.greeted = now;
                due.add(id);
            }
        });
        return due;
    }

    /** Whether this one has told all that it had. */
    boolean hasTold(String id) {
        Peer peer = peers.get(id);
        return peer != null && peer.told;
    }

    /** One greeted us, and so takes part. */
    void greeted(String id, PublicKey key, Set<InetAddress> addresses) {
        Peer peer = peers.get(id);
        if (peer != null) {
            peer.key = key;
            peer.addresses = addresses;
        }
    }

    /**
     * One has answered a greeting.
     *
     * @return whether it is to be greeted again at once, since it has more, and what came was of use: else the two would go on
     *     as fast as the network lets them, over what is never taken
     */
    boolean answered(String id, boolean more) {
        Peer peer = peers.get(id);
        if (peer == null) {
            return false;
        }
        boolean again = more && peer.brought;
        peer.told |= !more;
        peer.brought = false;
        return again;
    }

    /** A certificate of one was taken. */
    void brought(String id) {
        Peer peer = peers.get(id);
        if (peer != null) {
            peer.brought = true;
        }
    }

    /** One shows our challenges up to a revision. */
    void confirmed(String id, long revision) {
        Peer peer = peers.get(id);
        if (peer != null) {
            peer.confirmed = Math.max(peer.confirmed, revision);
        }
    }

    /** Those that do not show our challenges of a revision, and should. */
    Set<String> unconfirmed(long revision, Instant now) {
        Set<String> missing = new HashSet<>();
        peers.forEach((id, peer) -> {
            if (peer.confirmed < revision && (peer.key != null || !isSilent(peer, now))) {
                missing.add(id);
            }
        });
        return missing;
    }

    /** Those that take part, with the key to seal for them. */
    Map<String, PublicKey> taking() {
        Map<String, PublicKey> taking = new LinkedHashMap<>();
        peers.forEach((id, peer) -> {
            if (peer.key != null) {
                taking.put(id, peer.key);
            }
        });
        return taking;
    }

    Optional<PublicKey> key(String id) {
        Peer peer = peers.get(id);
        return peer == null ? Optional.empty() : Optional.ofNullable(peer.key);
    }

    /** Those that have had time to say that they take part, and did not. */
    List<String> silent(Instant now) {
        return peers.entrySet().stream()
                .filter(entry -> entry.getValue().key == null && isSilent(entry.getValue(), now))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Where they are reached, as far as they said. */
    Collection<InetAddress> addresses() {
        Set<InetAddress> all = new HashSet<>();
        peers.values().forEach(peer -> all.addAll(peer.addresses));
        return all;
    }

    /** Those that have not told all they have, and still may. */
    List<String> expected(Instant now) {
        return peers.entrySet().stream()
                .filter(entry -> !entry.getValue().told && !isSilent(entry.getValue(), now))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Who orders; empty while it is not known, and before the first view. */
    Optional<String> leader(Instant now) {
        Set<String> taking = new HashSet<>(taking().keySet());
        taking.add(self);
        Set<String> unknown = new HashSet<>();
        peers.forEach((id, peer) -> {
            if (peer.key == null && !isSilent(peer, now)) {
                unknown.add(id);
            }
        });
        return Leadership.leader(order, taking, unknown);
    }

    String self() {
        return self;
    }

    private static boolean isSilent(Peer peer, Instant now) {
        return !now.isBefore(peer.since.plus(PATIENCE));
    }
}
