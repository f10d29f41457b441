package io.scrimplb.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What only a backend reads.
 *
 * @param applicationConfigDir directory of application files, watched at run time
 * @param applications announced from the start; each name once
 */
public record BackendConfig(Optional<Path> applicationConfigDir, List<ApplicationConfig> applications) {
    public BackendConfig {
        applications = List.copyOf(applications);
    }
}
