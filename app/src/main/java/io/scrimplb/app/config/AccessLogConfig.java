package io.scrimplb.app.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The log of requests.
 *
 * @param file where it goes; empty for standard output
 */
public record AccessLogConfig(Format format, Optional<Path> file) {
    /** How a line looks. */
    public enum Format {
        /** One JSON object a line. */
        JSON,
        /** The form that Apache and nginx call combined. */
        COMBINED,
        /** Nothing is written. */
        OFF
    }
}
