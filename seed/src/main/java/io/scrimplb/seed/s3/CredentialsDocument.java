package io.scrimplb.seed.s3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** The JSON in which containers' and instances' services hand out credentials. */
final class CredentialsDocument {
    private static final ObjectMapper JSON = new ObjectMapper();

    private CredentialsDocument() {}

    static AwsCredentials parse(byte[] json, String from) throws CredentialsException {
        try {
            JsonNode node = JSON.readTree(json);
            String access = node.path("AccessKeyId").asText();
            String secret = node.path("SecretAccessKey").asText();
            String token = node.path("Token").asText();
            String expiration = node.path("Expiration").asText();
            if (access.isEmpty() || secret.isEmpty()) {
                throw new CredentialsException(from + " answered without credentials");
            }
            return new AwsCredentials(
                    access,
                    secret,
                    Optional.of(token).filter(text -> !text.isEmpty()),
                    expiration.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(expiration)),
                    from);
        } catch (IOException | DateTimeException e) {
            // Not the parser's message: it may quote the secret.
            throw new CredentialsException(from + " answered with something that is no credentials document");
        }
    }
}
