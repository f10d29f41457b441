package io.scrimplb.app.config;

import java.util.Optional;

/**
 * What an application needs of its machine.
 *
 * @param cpu cores, positive
 * @param memoryBytes memory in bytes, positive
 */
public record ResourcesConfig(Optional<Double> cpu, Optional<Long> memoryBytes) {}
