package io.scrimplb.seed;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a publisher stands.
 *
 * @param lastSuccess when the own seed was last written; empty before the first time
 * @param lastError one line that says what is wrong now; empty while all is well
 */
public record PublisherStatus(Optional<Instant> lastSuccess, Optional<String> lastError) {}
