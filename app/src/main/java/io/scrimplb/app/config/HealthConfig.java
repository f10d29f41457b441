package io.scrimplb.app.config;

import java.time.Duration;

/**
 * An active probe.
 *
 * @param path requested from the application, starts with {@code /}
 * @param interval between two probes, positive
 * @param timeout of one probe, positive
 * @param up successes in a row that make it healthy, 1 to 100
 * @param down failures in a row that make it unhealthy, 1 to 100
 */
public record HealthConfig(String path, Duration interval, Duration timeout, int up, int down) {}
