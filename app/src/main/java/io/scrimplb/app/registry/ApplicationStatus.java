package io.scrimplb.app.registry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An application as the status shows it.
 *
 * @param protocol as announcements spell it, null when nothing usable was announced
 * @param routes what reaches it, such as {@code :443 blog.example.com/} or {@code :5432 tcp}
 * @param endpoints where it is reached; empty when all left
 * @param forgottenAt when an application without endpoints loses its routes, null while it has some
 */
public record ApplicationStatus(
        String name,
        @Nullable String protocol,
        List<String> routes,
        List<EndpointStatus> endpoints,
        @Nullable Instant forgottenAt) {
    public ApplicationStatus {
        routes = List.copyOf(routes);
        endpoints = List.copyOf(endpoints);
    }
}
