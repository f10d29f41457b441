package io.scrimplb.app.registry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the registry knows at one moment.
 *
 * @param members by handle, those held through an isolation included
 * @param applications by name
 * @param problems by object
 * @param heldUntil when the members that are out of sight are taken as gone; null while none is held
 */
public record RegistryStatus(
        List<MemberStatus> members,
        List<ApplicationStatus> applications,
        List<Problem> problems,
        @Nullable Instant heldUntil) {
    /** Nothing known yet. */
    public static final RegistryStatus EMPTY = new RegistryStatus(List.of(), List.of(), List.of(), null);

    public RegistryStatus {
        members = List.copyOf(members);
        applications = List.copyOf(applications);
        problems = List.copyOf(problems);
    }
}
