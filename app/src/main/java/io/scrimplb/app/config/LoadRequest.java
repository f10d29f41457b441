package io.scrimplb.app.config;

import io.scrimplb.membership.Role;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What to load.
 *
 * @param file empty to search the usual places
 * @param role what the process is about to be; empty when it only looks
 */
public record LoadRequest(Optional<Path> file, Optional<Role> role, Overrides overrides) {}
