package io.scrimplb.membership;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a backend answers for: all its applications at one moment.
 *
 * @param revision grows with every change on that backend within one run; an older one never replaces a newer one
 * @param advertiseAddress address at which the applications are reached instead of the member's own; null for that
 * @param applications each name once
 */
public record Announcement(long revision, @Nullable String advertiseAddress, List<Application> applications) {
    /** A backend that offers nothing yet. */
    public static final Announcement NONE = new Announcement(0, null, List.of());

    public Announcement {
        applications = List.copyOf(applications);
    }
}
