package io.scrimplb.app.registry;

import io.scrimplb.membership.ApplicationProtocol;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All offers under one name, united: its endpoints are those of all offers, its claims the union of theirs. When offers
 * differ in protocol the one in use stays as long as anybody offers it, and the others wait.
 *
 * <p>An endpoint gets requests of all that the application answers for, whoever claimed it. So an offer that is limited by
 * a join token takes part only while its token, and those of the others that take part, allow all of that; offers without
 * limits come first, then the earlier ones. Otherwise a token for one domain would open every other one, by the name of
 * an application alone.
 */
final class KnownApplication {
    private final String name;
    /** By source, in the order of first offering; a changed offer keeps its place. */
    private final Map<String, Offer> offers = new LinkedHashMap<>();

    private final Map<Claim, Claimant> claims = new LinkedHashMap<>();
    /** Sources whose offers are left out for the limits of join tokens. */
    private Set<String> shutOut = Set.of();

    private @Nullable ApplicationProtocol protocol;
    private @Nullable Instant emptySince;

    KnownApplication(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Takes a new or changed offer and brings the claims in line. */
    void put(Offer offer, ClaimTable table, LongSupplier sequence, Instant now) {
        Offer before = offers.put(offer.source(), offer);
        boolean adds = before == null || (isInUse(before) && offer.claims().containsAll(before.claims()));
        // The common case, a further endpoint of what is there already, must not cost a look at all the others.
        if (!adds
                || !isInUse(offer)
                || offer.isStatic()
                || !holdsAlive(offer.claims())
                || !offer.mayAnswerFor(claims.keySet())) {
            settle(table, sequence, now);
        }
    }

    /** Drops what a source offered, if it did, and brings the claims in line. */
    void remove(String source, ClaimTable table, LongSupplier sequence, Instant now) {
        Offer before = offers.remove(source);
        if (before == null) {
            return;
        }
        boolean covered = !before.isStatic()
                && shutOut.isEmpty()
                && offers.values().stream()
                        .anyMatch(other -> isInUse(other) && other.claims().containsAll(before.claims()));
        if (!covered) {
            settle(table, sequence, now);
        }
    }

    private boolean holdsAlive(Collection<Claim> wanted) {
        for (Claim claim : wanted) {
            Claimant claimant = claims.get(claim);
            if (claimant == null || claimant.rank() == Claimant.Rank.REMEMBERED) {
                return false;
            }
        }
        return emptySince == null;
    }

    Collection<Offer> offers() {
        return offers.values();
    }

    Map<Claim, Claimant> claims() {
        return claims;
    }

    @Nullable
    ApplicationProtocol protocol() {
        return protocol;
    }

    /** When the last endpoint went; null while there is one. */
    @Nullable
    Instant emptySince() {
        return emptySince;
    }

    /** Nothing is offered and nothing is remembered. */
    boolean isGone() {
        return offers.isEmpty() && claims.isEmpty();
    }

    /** Whether an offer's endpoints and claims count. */
    boolean isInUse(Offer offer) {
        return speaksTheProtocol(offer) && !isShutOut(offer);
    }

    /** Whether an offer is left out for the limits of join tokens. */
    boolean isShutOut(Offer offer) {
        return shutOut.contains(offer.source());
    }

    private boolean speaksTheProtocol(Offer offer) {
        return offer.usable() && offer.protocol() == protocol;
    }

    List<Offer> offersInUse() {
        return offers.values().stream().filter(this::isInUse).toList();
    }

    /** The one whose terms hold for all: the operator's, else the first of those without limits, else the first. */
    Optional<Offer> decisiveOffer() {
        List<Offer> inUse = offersInUse();
        return inUse.stream()
                .filter(Offer::isStatic)
                .findFirst()
                .or(() -> inUse.stream()
                        .filter(offer -> offer.limits().unlimited())
                        .findFirst())
                .or(() -> inUse.stream().findFirst());
    }

    private void settle(ClaimTable table, LongSupplier sequence, Instant now) {
        Optional<ApplicationProtocol> next = nextProtocol();
        if (next.isPresent()) {
            protocol = next.get();
            shutOut = beyondTheirTokens();
            emptySince = null;
            claim(wantedByOffers(), table, sequence);
        } else {
            // The last endpoint went. What it claimed is remembered, behind everybody who is alive.
            emptySince = emptySince == null ? now : emptySince;
            Map<Claim, Claimant.Rank> remembered = new LinkedHashMap<>();
            claims.keySet().forEach(claim -> remembered.put(claim, Claimant.Rank.REMEMBERED));
            claim(remembered, table, sequence);
        }
    }

    /** Gives up everything that is remembered. */
    void forget(ClaimTable table) {
        claims.forEach(table::remove);
        claims.clear();
    }

    private Optional<ApplicationProtocol> nextProtocol() {
        Optional<ApplicationProtocol> fromFile = offers.values().stream()
                .filter(offer -> offer.usable() && offer.isStatic())
                .map(Offer::protocol)
                .findFirst();
        if (fromFile.isPresent()) {
            return fromFile;
        }
        Optional<ApplicationProtocol> unlimited =
                nextProtocol(offer -> offer.usable() && offer.limits().unlimited());
        return unlimited.or(() -> nextProtocol(Offer::usable));
    }

    private Optional<ApplicationProtocol> nextProtocol(Predicate<Offer> counts) {
        List<ApplicationProtocol> offered =
                offers.values().stream().filter(counts).map(Offer::protocol).toList();
        ApplicationProtocol current = protocol;
        if (current != null && offered.contains(current)) {
            return Optional.of(current);
        }
        return offered.stream().findFirst();
    }

    /** Sources whose endpoints would get what their tokens do not allow, or whose claims would go to such endpoints. */
    private Set<String> beyondTheirTokens() {
        List<Offer> admitted = new ArrayList<>();
        List<Offer> limited = new ArrayList<>();
        Set<Claim> united = new HashSet<>();
        for (Offer offer : offers.values()) {
            if (speaksTheProtocol(offer) && offer.limits().unlimited()) {
                united.addAll(offer.claims());
            } else if (speaksTheProtocol(offer)) {
                limited.add(offer);
            }
        }
        // Those that may claim nothing come last: they shall keep nobody out.
        limited.sort(Comparator.comparing(offer -> offer.claims().isEmpty()));
        Set<String> beyond = new HashSet<>();
        for (Offer offer : limited) {
            if (offer.mayAnswerFor(united) && admitted.stream().allMatch(other -> other.mayAnswerFor(offer.claims()))) {
                admitted.add(offer);
                united.addAll(offer.claims());
            } else {
                beyond.add(offer.source());
            }
        }
        return beyond;
    }

    private Map<Claim, Claimant.Rank> wantedByOffers() {
        Map<Claim, Claimant.Rank> wanted = new LinkedHashMap<>();
        for (Offer offer : offers.values()) {
            if (isInUse(offer)) {
                for (Claim claim : offer.claims()) {
                    if (offer.isStatic()) {
                        wanted.put(claim, Claimant.Rank.STATIC);
                    } else {
                        wanted.putIfAbsent(claim, Claimant.Rank.LIVE);
                    }
                }
            }
        }
        return wanted;
    }

    private void claim(Map<Claim, Claimant.Rank> wanted, ClaimTable table, LongSupplier sequence) {
        // New claims first: an application that moves within a port shall not lose the port to one that waits for it.
        Map<Claim, Claimant> outdated = new LinkedHashMap<>(claims);
        wanted.forEach((claim, rank) -> {
            Claimant current = claims.get(claim);
            if (current != null && current.rank() == rank) {
                outdated.remove(claim);
                return;
            }
            Claimant next = new Claimant(rank, sequence.getAsLong(), name);
            table.add(claim, next);
            claims.put(claim, next);
        });
        outdated.forEach((claim, claimant) -> {
            table.remove(claim, claimant);
            claims.remove(claim, claimant);
        });
    }
}
