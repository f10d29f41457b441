package io.scrimplb.app.config;

import io.scrimplb.app.config.ApplicationDirectory.FileReading;
import io.scrimplb.app.config.ApplicationDirectory.Listing;
import io.scrimplb.app.config.ApplicationDirectory.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compares an application directory with what it was a moment ago, reading only files that changed. A file that is bad
 * may be half written, so its faults count only once it has stood still for a while; until then, and as long as a file
 * that was good is bad, its last good applications stay: a slip in an editor takes no application off the air. Not
 * thread-safe.
 */
final class DirectoryScan {
    /** A writer that pauses for longer within one file is not expected. */
    static final Duration SETTLE = Duration.ofMillis(500);
    /**
     * File systems tell the time of a change as roughly as this. A file that changed so recently may change again
     * without looking different, so it is read again.
     */
    static final Duration CLOCK_GRAIN = Duration.ofSeconds(2);

    /**
     * How long a directory may be away, or an empty one stand in its place, before its applications are: it is for a
     * moment when it is replaced by renaming, or mounted anew.
     */
    static final Duration AWAY = Duration.ofSeconds(5);

    private final ApplicationDirectory directory;
    private final Clock clock;
    private Map<String, Known> known = new TreeMap<>();
    private boolean unsettled;
    private boolean first = true;
    private String identity = "";
    private Optional<Instant> awaySince = Optional.empty();

    DirectoryScan(ApplicationDirectory directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** What tells a change without reading. */
    private record Stamp(long size, Instant modified, String fileKey) {}

    /** @param suspectedSince when the present bad content was first seen; empty when the content is good or settled */
    private record Known(
            List<Stamp> stamps, FileReading latest, FileReading inForce, Optional<Instant> suspectedSince) {}

    /** The directory as it counts now. At the first look what is bad is so at once: nobody is known to write it. */
    Reading scan() {
        Instant now = clock.instant();
        Listing listing = directory.list();
        unsettled = false;
        if (isAway(listing, now)) {
            return combined(List.of());
        }
        // A directory that cannot be listed for a moment takes no application off the air.
        Map<String, Known> next = listing.complete() ? new TreeMap<>() : new TreeMap<>(known);
        listing.files().forEach((name, file) -> next.put(name, look(file, Optional.ofNullable(known.get(name)), now)));
        known = next;
        first = false;
        identity = listing.identity();
        return combined(listing.problems());
    }

    private Reading combined(List<Problem> listingProblems) {
        List<FileReading> inForce = new ArrayList<>();
        known.values().forEach(entry -> inForce.add(entry.inForce()));
        return ApplicationDirectory.combine(inForce, listingProblems);
    }

    private boolean isAway(Listing listing, Instant now) {
        boolean replaced = listing.files().isEmpty() && !listing.identity().equals(identity);
        if (!listing.complete() || !replaced || known.isEmpty()) {
            awaySince = Optional.empty();
            return false;
        }
        Instant since = awaySince.filter(start -> !start.isAfter(now)).orElse(now);
        awaySince = Optional.of(since);
        return Duration.between(since, now).compareTo(AWAY) < 0;
    }

    /** Whether a file looks half written, so that a further look should follow soon. */
    boolean isUnsettled() {
        return unsettled;
    }

    private Known look(Path file, Optional<Known> before, Instant now) {
        List<Path> named = before.map(known -> known.latest().named()).orElse(List.of());
        List<Stamp> stamps = stamps(file, named);
        boolean same = before.isPresent() && before.get().stamps().equals(stamps);
        boolean maybeChanged = stamps.stream()
                .anyMatch(stamp -> Duration.between(stamp.modified(), now).abs().compareTo(CLOCK_GRAIN) < 0);
        // What is bad may be mended in another file, which it names.
        boolean good = before.isPresent() && before.get().latest().problems().isEmpty();
        FileReading latest = same && good && !maybeChanged ? before.get().latest() : directory.read(file);
        if (!latest.named().equals(named)) {
            stamps = stamps(file, latest.named());
        }
        if (latest.problems().isEmpty()) {
            return new Known(stamps, latest, latest, Optional.empty());
        }
        if (before.isEmpty()) {
            // Never seen before: nothing to keep, but a writer may still be at it.
            return suspect(stamps, latest, new FileReading(file, List.of(), List.of(), List.of(), List.of()), now, now);
        }
        Known earlier = before.get();
        boolean changed = !latest.equals(earlier.latest()) || !same;
        if (!changed && earlier.suspectedSince().isEmpty()) {
            return earlier;
        }
        Instant since = changed ? now : earlier.suspectedSince().orElse(now);
        return suspect(stamps, latest, earlier.inForce(), since, now);
    }

    private Known suspect(List<Stamp> stamps, FileReading latest, FileReading inForce, Instant since, Instant now) {
        if (!first && Duration.between(since, now).compareTo(SETTLE) < 0) {
            unsettled = true;
            return new Known(stamps, latest, inForce, Optional.of(since));
        }
        FileReading kept = new FileReading(
                latest.file(), List.of(), inForce.applications(), problems(latest, inForce), inForce.notes());
        return new Known(stamps, latest, kept, Optional.empty());
    }

    private static List<Problem> problems(FileReading bad, FileReading inForce) {
        if (inForce.applications().isEmpty()) {
            return bad.problems();
        }
        List<Problem> problems = new ArrayList<>(bad.problems());
        problems.add(new Problem(
                new Origin.InFile(bad.file().toString(), 0, 0),
                "",
                "its last good content stays in force until it is mended"));
        return problems;
    }

    private static List<Stamp> stamps(Path file, List<Path> named) {
        return Stream.concat(Stream.of(file), named.stream())
                .map(DirectoryScan::stamp)
                .toList();
    }

    private static Stamp stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(
                    attributes.size(), attributes.lastModifiedTime().toInstant(), String.valueOf(attributes.fileKey()));
        } catch (IOException unreadable) {
            // Reading it will say why.
            return new Stamp(-1, Instant.EPOCH, "");
        }
    }
}
