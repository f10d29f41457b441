package io.scrimplb.app.registry;

import org.jspecify.annotations.Nullable;

/**
 * An endpoint as the status shows it.
 *
 * @param member handle of the member that offers it, or {@code static}
 * @param version version of the application there, null when it was not given
 */
public record EndpointStatus(
        String member, String address, int weight, @Nullable String version, boolean suspected) {}
