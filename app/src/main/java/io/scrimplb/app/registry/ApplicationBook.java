package io.scrimplb.app.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All applications that are offered, or were until lately, and what they claim. Their number is bounded, since names come
 * from members. Not thread-safe.
 */
final class ApplicationBook {
    /** Application names known at once, remembered ones included; the longest forgotten-about one makes room. */
    static final int MAX_APPLICATIONS = 5_000;

    private final Duration rememberFor;
    private final ClaimTable table;
    private final Map<String, KnownApplication> applications = new TreeMap<>();
    /** Names that did not fit or were no names, by source. */
    private final Map<String, String> refusedNames = new TreeMap<>();
    /** Names that a source offers now, so that those it no longer offers are found without a search. */
    private final Map<String, Set<String>> namesBySource = new LinkedHashMap<>();

    private long sequence;

    /** @param rememberFor how long an application that nobody offers keeps its claims */
    ApplicationBook(ClaimPolicy policy, Duration rememberFor) {
        this.rememberFor = rememberFor;
        this.table = new ClaimTable(policy);
    }

    /** Another policy, after a reload. What is offered has to be replaced after it. */
    void policy(ClaimPolicy next) {
        table.policy(next);
    }

    /** Who claims what. */
    ClaimTable table() {
        return table;
    }

    /** By name, in order; what stands in it changes. */
    Map<String, KnownApplication> applications() {
        return Collections.unmodifiableMap(applications);
    }

    /** Why a source offers an application that is left out for its name, by source. */
    Map<String, String> refusedNames() {
        return Collections.unmodifiableMap(refusedNames);
    }

    /** Replaces all that one source offers. */
    void replace(String source, Map<String, Offer> offers, Instant now) {
        refusedNames.remove(source);
        Set<String> accepted = new LinkedHashSet<>();
        offers.forEach((name, offer) -> {
            KnownApplication application = admit(source, name);
            if (application != null) {
                accepted.add(name);
                application.put(offer, table, this::nextSequence, now);
            }
        });
        Set<String> before = accepted.isEmpty() ? namesBySource.remove(source) : namesBySource.put(source, accepted);
        for (String name : before == null ? Set.<String>of() : before) {
            KnownApplication application = applications.get(name);
            if (application != null && !accepted.contains(name)) {
                application.remove(source, table, this::nextSequence, now);
                removeIfGone(application);
            }
        }
    }

    /**
     * Forgets the applications that nobody offered for long enough.
     *
     * @return whether there were any
     */
    boolean expire(Instant now) {
        boolean changed = false;
        for (KnownApplication application : List.copyOf(applications.values())) {
            Instant end = forgottenAt(application);
            if (end != null && !end.isAfter(now)) {
                application.forget(table);
                changed = true;
                removeIfGone(application);
            }
        }
        return changed;
    }

    /** When {@link #expire} has something to do next. */
    Optional<Instant> deadline() {
        return applications.values().stream()
                .map(this::forgottenAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder());
    }

    private @Nullable KnownApplication admit(String source, String name) {
        KnownApplication known = applications.get(name);
        if (known != null) {
            return known;
        }
        if (!ClaimRules.properName(name)) {
            refusedNames.put(
                    source,
                    "offers an application with the improper name '" + ClaimRules.printable(name)
                            + "'; it is left out (letters, digits, . _ - and at most 64 of them)");
            return null;
        }
        if (applications.size() >= MAX_APPLICATIONS && !makeRoom()) {
            refusedNames.put(
                    source,
                    "offers application " + name + ", but " + MAX_APPLICATIONS
                            + " applications are known already; it is left out");
            return null;
        }
        KnownApplication application = new KnownApplication(name);
        applications.put(name, application);
        return application;
    }

    private boolean makeRoom() {
        KnownApplication oldest = null;
        for (KnownApplication application : applications.values()) {
            Instant since = application.emptySince();
            if (since != null
                    && application.offers().isEmpty()
                    && (oldest == null || since.isBefore(Objects.requireNonNull(oldest.emptySince())))) {
                oldest = application;
            }
        }
        if (oldest == null) {
            return false;
        }
        oldest.forget(table);
        removeIfGone(oldest);
        return true;
    }

    private void removeIfGone(KnownApplication application) {
        if (application.isGone()) {
            applications.remove(application.name());
        }
    }

    private @Nullable Instant forgottenAt(KnownApplication application) {
        Instant since = application.emptySince();
        return since == null || application.claims().isEmpty() ? null : since.plus(rememberFor);
    }

    private long nextSequence() {
        return ++sequence;
    }
}
