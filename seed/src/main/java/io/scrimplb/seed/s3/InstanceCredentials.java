package io.scrimplb.seed.s3;

import io.scrimplb.seed.address.InstanceMetadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Credentials of an EC2 instance's role. */
final class InstanceCredentials implements CredentialsSource {
    private static final String ROLES = "iam/security-credentials/";
    private final InstanceMetadata metadata;

    InstanceCredentials(InstanceMetadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public Optional<AwsCredentials> find() throws CredentialsException {
        if (metadata.disabled()) {
            return Optional.empty();
        }
        try {
            Optional<String> role =
                    metadata.get(ROLES).flatMap(list -> list.lines().findFirst());
            if (role.isEmpty()) {
                return Optional.empty();
            }
            String from = "the instance's role " + role.get();
            Optional<String> document = metadata.get(ROLES + role.get());
            return document.isEmpty()
                    ? Optional.empty()
                    : Optional.of(CredentialsDocument.parse(document.get().getBytes(StandardCharsets.UTF_8), from));
        } catch (IOException e) {
            throw new CredentialsException(
                    "neither AWS_ACCESS_KEY_ID, nor a profile, nor a container's role; and " + e.getMessage(), e);
        }
    }
}
