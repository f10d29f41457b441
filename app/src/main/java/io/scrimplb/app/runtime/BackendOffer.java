package io.scrimplb.app.runtime;

import io.scrimplb.app.config.ApplicationConfig;
import io.scrimplb.app.config.ApplicationDirectory;
import io.scrimplb.app.config.Problem;
import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a backend offers: the applications of its file and flags, then those of its directory. Thread-safe. */
final class BackendOffer {
    private static final Logger log = LoggerFactory.getLogger(BackendOffer.class);

    private final List<ApplicationConfig> configured;
    private final @Nullable String advertiseAddress;
    private Map<String, Instant> told = Map.of();
    private Announcement current;

    BackendOffer(List<ApplicationConfig> configured, @Nullable String advertiseAddress) {
        this.configured = List.copyOf(configured);
        this.advertiseAddress = advertiseAddress;
        this.current = new Announcement(
                1,
                advertiseAddress,
                this.configured.stream().map(ApplicationConfig::toApplication).toList());
    }

    synchronized Announcement current() {
        return current;
    }

    /**
     * Takes a new reading of the directory; says what is wrong with it, each thing once while it lasts.
     *
     * @return the announcement to make; empty when nothing changed
     */
    synchronized Optional<Announcement> read(ApplicationDirectory.Reading reading) {
        List<Application> applications = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> troubles = new HashSet<>(reading.notes());
        for (ApplicationConfig application : configured) {
            names.add(application.name());
            applications.add(application.toApplication());
        }
        for (ApplicationConfig application : reading.applications()) {
            if (names.add(application.name())) {
                applications.add(application.toApplication());
            } else {
                troubles.add("application " + application.name()
                        + " of the directory is skipped: the configuration file or --app has one of that name");
            }
        }
        reading.problems().stream().map(Problem::toString).forEach(troubles::add);
        tell(troubles);
        if (applications.equals(current.applications())) {
            return Optional.empty();
        }
        current = new Announcement(current.revision() + 1, advertiseAddress, applications);
        return Optional.of(current);
    }

    /** What to announce before leaving: nothing is offered any more. */
    synchronized Announcement withdraw() {
        return new Announcement(current.revision() + 1, advertiseAddress, List.of());
    }

    private void tell(Set<String> troubles) {
        Map<String, Instant> now = new TreeMap<>();
        for (String trouble : troubles) {
            Instant since = told.get(trouble);
            if (since == null) {
                log.warn("{}", trouble);
            }
            now.put(trouble, since == null ? Instant.now() : since);
        }
        told = Map.copyOf(now);
    }

    /** What is wrong with the directory now, and since when. */
    synchronized Map<String, Instant> troubles() {
        return new TreeMap<>(told);
    }
}
