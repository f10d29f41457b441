package io.scrimplb.app.registry;

import io.scrimplb.membership.ApplicationProtocol;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects what an operator should mend, and remembers since when. */
final class ProblemFinder {
    /** Problems told at once; strangers make them, so there is an end to it. */
    static final int MAX_PROBLEMS = 1_000;

    private record Key(String object, String message) {}

    private Map<Key, Problem> current = Map.of();

    /** The problems of this moment, those that were there before with their old date. */
    List<Problem> find(
            ClaimTable table, Collection<KnownApplication> applications, Collection<Finding> others, Instant now) {
        Map<Key, Problem> found = new LinkedHashMap<>();
        others.forEach(other -> add(found, other.object(), other.message(), now));
        for (KnownApplication application : applications) {
            String object = "application " + application.name();
            for (Offer offer : application.offers()) {
                offer.refusals().forEach(refusal -> add(found, object, refusal, now));
            }
            leftOut(application).forEach(message -> add(found, object, message, now));
            overruled(application).forEach(message -> add(found, object, message, now));
            lostClaims(application, table).forEach(message -> add(found, object, message, now));
        }
        current = found;
        return List.copyOf(found.values());
    }

    /** A problem that no application is to blame for. */
    record Finding(String object, String message) {}

    private void add(Map<Key, Problem> found, String object, String message, Instant now) {
        Key key = new Key(object, message);
        Problem known = current.get(key);
        if (found.size() < MAX_PROBLEMS) {
            found.putIfAbsent(key, known == null ? new Problem(object, message, now) : known);
        }
    }

    /** Offers that do not fit those in use. */
    private static List<String> leftOut(KnownApplication application) {
        ApplicationProtocol protocol = application.protocol();
        List<String> messages = new ArrayList<>();
        for (Offer offer : application.offers()) {
            if (application.isShutOut(offer)) {
                messages.add(offer.source() + " is limited by its join token, and others of that name answer for other"
                        + " domains or ports; that endpoint is left out, give the application a name of its own");
            } else if (protocol != null && offer.usable() && !application.isInUse(offer)) {
                messages.add(
                        offer.source() + " offers it as " + offer.protocol().label() + " while it is in use as "
                                + protocol.label() + "; that endpoint is left out");
            }
        }
        return messages;
    }

    /** Offers that want the application spoken with in another way than the one that decides. */
    private static List<String> overruled(KnownApplication application) {
        Optional<Offer> decisive = application.decisiveOffer();
        if (decisive.isEmpty()) {
            return List.of();
        }
        OriginTerms inForce = decisive.get().terms().origin();
        return application.offersInUse().stream()
                .filter(offer -> !offer.terms().origin().equals(inForce))
                .map(offer -> offer.source() + " asks for another backend-tls, proxy-protocol or hsts than "
                        + decisive.get().source() + ", whose hold for all of that name")
                .toList();
    }

    /** One message for each application or port that stands in the way, however many claims it concerns. */
    private static List<String> lostClaims(KnownApplication application, ClaimTable table) {
        Map<String, Loss> losses = new LinkedHashMap<>();
        application.claims().forEach((claim, claimant) -> {
            if (claimant.rank() == Claimant.Rank.REMEMBERED) {
                return;
            }
            PortClaims.Holder holder =
                    Objects.requireNonNull(table.ports().get(claim.port())).holder(claim);
            String obstacle = obstacle(application.name(), claim, holder);
            if (obstacle != null) {
                losses.computeIfAbsent(obstacle, o -> new Loss(claim)).count++;
            }
        });
        List<String> messages = new ArrayList<>();
        losses.forEach((obstacle, loss) -> messages.add("claims " + loss.first.text()
                + (loss.count > 1 ? " and " + (loss.count - 1) + " more" : "") + ", but " + obstacle));
        return messages;
    }

    private static @Nullable String obstacle(String application, Claim claim, PortClaims.Holder holder) {
        if (holder.way() == claim.way()) {
            return holder.application().equals(application)
                    ? null
                    : "application " + holder.application() + " claimed that first";
        }
        String port = "port " + claim.port();
        if (holder.application().isEmpty()) {
            return port + " is kept for HTTP; give it a listen-port of its own";
        }
        return switch (holder.way()) {
            case TCP -> port + " is forwarded as tcp for application " + holder.application();
            case PASSTHROUGH ->
                claim.way() == Claim.Way.TCP
                        ? port + " is used by application " + holder.application()
                        : "application " + holder.application() + " is passed on there as tls";
            case HTTP ->
                claim.way() == Claim.Way.TCP
                        ? port + " is an HTTP port in use by application " + holder.application()
                        : "application " + holder.application() + " is reached there by HTTP";
        };
    }

    private static final class Loss {
        private final Claim first;
        private int count;

        Loss(Claim first) {
            this.first = first;
        }
    }
}
