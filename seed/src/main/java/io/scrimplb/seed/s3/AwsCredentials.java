package io.scrimplb.seed.s3;

import java.time.Instant;
import java.util.Optional;

/**
 * What a request is signed with.
 *
 * @param expires when they end; empty when they do not say
 * @param from where they were found, for messages
 */
record AwsCredentials(
        String accessKey, String secretKey, Optional<String> sessionToken, Optional<Instant> expires, String from) {
    static AwsCredentials lasting(String accessKey, String secretKey, Optional<String> sessionToken, String from) {
        return new AwsCredentials(accessKey, secretKey, sessionToken, Optional.empty(), from);
    }

    /** Without the secrets: this ends up in a log one day. */
    @Override
    public String toString() {
        return "AwsCredentials[" + from + "]";
    }
}
