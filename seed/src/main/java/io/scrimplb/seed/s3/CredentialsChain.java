package io.scrimplb.seed.s3;

import io.scrimplb.seed.Environment;
import io.scrimplb.seed.address.InstanceMetadata;
import java.util.List;
import java.util.Optional;

/** The usual places in the usual order: environment, profile files, container, instance. The first that is in use wins. */
final class CredentialsChain implements CredentialsSource {
    private final List<CredentialsSource> sources;

    private CredentialsChain(List<CredentialsSource> sources) {
        this.sources = sources;
    }

    static CredentialsChain standard(Environment environment) {
        return new CredentialsChain(List.of(
                () -> fromEnvironment(environment),
                new ProfileCredentials(environment),
                new ContainerCredentials(environment),
                new InstanceCredentials(new InstanceMetadata(environment))));
    }

    private static Optional<AwsCredentials> fromEnvironment(Environment environment) throws CredentialsException {
        Optional<String> access = environment.get("AWS_ACCESS_KEY_ID");
        Optional<String> secret = environment.get("AWS_SECRET_ACCESS_KEY");
        if (access.isPresent() != secret.isPresent()) {
            throw new CredentialsException("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set both");
        }
        return access.flatMap(key -> secret.map(
                value -> AwsCredentials.lasting(key, value, environment.get("AWS_SESSION_TOKEN"), "the environment")));
    }

    @Override
    public Optional<AwsCredentials> find() throws CredentialsException {
        for (CredentialsSource source : sources) {
            Optional<AwsCredentials> found = source.find();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
