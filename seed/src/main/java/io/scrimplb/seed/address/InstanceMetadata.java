package io.scrimplb.seed.address;

import io.scrimplb.seed.Environment;
import io.scrimplb.seed.SeedHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A client of EC2 instance metadata, version 2: a token first, then the questions. Holds no token between calls, since
 * calls are rare. Thread-safe.
 */
public final class InstanceMetadata {
    /** The service is on the host itself: an answer later than this is no answer. */
    public static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final String DEFAULT_ENDPOINT = "http://169.254.169.254";
    private static final String TOKEN_SECONDS = "60";

    private final Environment environment;
    private final SeedHttp http;

    /**
     * @param environment for {@code AWS_EC2_METADATA_SERVICE_ENDPOINT} and {@code AWS_EC2_METADATA_DISABLED}
     */
    public InstanceMetadata(Environment environment) {
        this(environment, TIMEOUT);
    }

    InstanceMetadata(Environment environment, Duration timeout) {
        this.environment = environment;
        this.http = SeedHttp.direct(timeout);
    }

    /** Whether the environment forbids to ask. */
    public boolean disabled() {
        return environment
                .get("AWS_EC2_METADATA_DISABLED")
                .filter("true"::equalsIgnoreCase)
                .isPresent();
    }

    /**
     * The value at the path below {@code /latest/meta-data/}; empty when there is none.
     *
     * @throws IOException with one line when there is no metadata service or it refuses
     */
    public Optional<String> get(String path) throws IOException {
        if (disabled()) {
            throw new IOException("instance metadata is disabled by AWS_EC2_METADATA_DISABLED");
        }
        String endpoint = endpoint();
        try {
            SeedHttp.Reply token = http.send(HttpRequest.newBuilder(URI.create(endpoint + "/latest/api/token"))
                    .header("X-aws-ec2-metadata-token-ttl-seconds", TOKEN_SECONDS)
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build());
            if (token.status() != 200) {
                throw new IOException("no token, status " + token.status());
            }
            SeedHttp.Reply value = http.send(HttpRequest.newBuilder(URI.create(endpoint + "/latest/meta-data/" + path))
                    .header("X-aws-ec2-metadata-token", text(token))
                    .build());
            return switch (value.status()) {
                case 200 -> Optional.of(text(value)).filter(text -> !text.isEmpty());
                case 404 -> Optional.empty();
                default -> throw new IOException("status " + value.status() + " for " + path);
            };
        } catch (IllegalArgumentException e) {
            throw new IOException("instance metadata at " + endpoint + ": unusable answer or address", e);
        } catch (IOException e) {
            throw new IOException("instance metadata at " + endpoint + ": " + e.getMessage(), e);
        }
    }

    private String endpoint() {
        String endpoint = environment.get("AWS_EC2_METADATA_SERVICE_ENDPOINT").orElse(DEFAULT_ENDPOINT);
        return endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
    }

    private static String text(SeedHttp.Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8).strip();
    }
}
