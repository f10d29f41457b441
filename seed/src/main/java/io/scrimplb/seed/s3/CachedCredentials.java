package io.scrimplb.seed.s3;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps credentials that end until shortly before that, and to the very end when they cannot be renewed. Those that do
 * not end are asked for anew each time, so that an edited file counts.
 */
final class CachedCredentials implements CredentialsSource {
    /** Amazon hands out new ones at least five minutes before the old ones end. */
    static final Duration RENEW_BEFORE_END = Duration.ofMinutes(5);

    private final CredentialsSource source;
    private final Clock clock;
    private Optional<AwsCredentials> kept = Optional.empty();

    CachedCredentials(CredentialsSource source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public synchronized Optional<AwsCredentials> find() throws CredentialsException {
        Instant now = clock.instant();
        if (lastUntil(now.plus(RENEW_BEFORE_END))) {
            return kept;
        }
        try {
            Optional<AwsCredentials> found = source.find();
            if (found.isPresent() || !lastUntil(now)) {
                kept = found;
            }
        } catch (CredentialsException e) {
            if (!lastUntil(now)) {
                throw e;
            }
        }
        return kept;
    }

    private boolean lastUntil(Instant moment) {
        return kept.flatMap(AwsCredentials::expires).filter(moment::isBefore).isPresent();
    }
}
