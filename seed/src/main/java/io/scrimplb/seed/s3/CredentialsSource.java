package io.scrimplb.seed.s3;

import java.util.Optional;

/** One place where credentials may be. Thread-safe; may block for a few seconds. */
@FunctionalInterface
interface CredentialsSource {
    /**
     * The credentials; empty when this place is not in use here, so that the next one is asked.
     *
     * @throws CredentialsException when the place is in use but what it holds cannot be used
     */
    Optional<AwsCredentials> find() throws CredentialsException;
}
