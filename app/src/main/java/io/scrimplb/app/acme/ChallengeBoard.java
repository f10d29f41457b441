package io.scrimplb.app.acme;

import io.scrimplb.proxy.spec.ChallengeSpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The challenges that are shown here, our own and those of other load balancers, and which of them are in force. Not
 * thread-safe.
 */
final class ChallengeBoard {
    private final Clock clock;
    private final Set<Challenge> own = new LinkedHashSet<>();
    private final Map<String, PeerMessage.Challenges> byPeer = new TreeMap<>();
    /** Revisions of peers that are still to be confirmed to them. */
    private final Map<String, Long> unconfirmed = new TreeMap<>();
    /** One specification for each challenge, since each would hold another certificate. */
    private final Map<Challenge, ChallengeSpec> specs = new HashMap<>();

    private Set<ChallengeSpec> inForce = Set.of();
    private long revision;

    ChallengeBoard(Clock clock) {
        this.clock = clock;
        // Grows over restarts too, so that what a predecessor said is not taken for newer.
        this.revision = clock.millis();
    }

    /** A further one of our own; the revision that has it. */
    long add(Challenge challenge) {
        own.add(challenge);
        return ++revision;
    }

    void remove(Challenge challenge) {
        if (own.remove(challenge)) {
            revision++;
        }
    }

    /** Our own, as others are told. */
    PeerMessage.Challenges own() {
        return new PeerMessage.Challenges(revision, List.copyOf(own));
    }

    /** What another load balancer wants shown; what it said before is void. */
    void of(String peer, PeerMessage.Challenges challenges) {
        PeerMessage.Challenges before = byPeer.get(peer);
        if (before == null || before.revision() <= challenges.revision()) {
            byPeer.put(peer, challenges);
            unconfirmed.put(peer, challenges.revision());
        }
    }

    void gone(Collection<String> peers) {
        byPeer.keySet().removeAll(peers);
        unconfirmed.keySet().removeAll(peers);
    }

    /** All that is to be shown. */
    List<ChallengeSpec> specs() {
        Set<Challenge> all = new LinkedHashSet<>(own);
        byPeer.values().forEach(challenges -> all.addAll(challenges.challenges()));
        specs.keySet().retainAll(all);
        List<ChallengeSpec> list = new ArrayList<>();
        all.forEach(challenge -> list.add(specs.computeIfAbsent(challenge, one -> one.spec(clock.instant()))));
        return list;
    }

    /** The proxy shows these now. */
    void inForce(Collection<ChallengeSpec> now) {
        inForce = new HashSet<>(now);
    }

    boolean shows(Challenge challenge) {
        ChallengeSpec spec = specs.get(challenge);
        return spec != null && inForce.contains(spec);
    }

    /** Whom to tell by now that all it asked for is shown, and up to which revision; each once. */
    Map<String, Long> confirmations() {
        Map<String, Long> confirmed = new TreeMap<>();
        unconfirmed.forEach((peer, asked) -> {
            PeerMessage.Challenges challenges = byPeer.get(peer);
            if (challenges != null && challenges.challenges().stream().allMatch(this::shows)) {
                confirmed.put(peer, asked);
            }
        });
        unconfirmed.keySet().removeAll(confirmed.keySet());
        return confirmed;
    }
}
