package io.scrimplb.seed.s3;

import io.scrimplb.seed.Environment;
import io.scrimplb.seed.IpLiteral;
import io.scrimplb.seed.SeedHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Credentials of a container's role, on ECS (relative address) and EKS (full address with a token). */
final class ContainerCredentials implements CredentialsSource {
    private static final String ECS = "http://169.254.170.2";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    /** In clear text only to the host itself: anybody else could be listening. The last two are EKS. */
    private static final Set<String> CLEAR_TEXT_HOSTS =
            Set.of("169.254.170.2", "169.254.170.23", "fd00:ec2:0:0:0:0:0:23");

    private static final String FROM = "the container's role";

    private final Environment environment;
    private final SeedHttp http = SeedHttp.direct(TIMEOUT);

    ContainerCredentials(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Optional<AwsCredentials> find() throws CredentialsException {
        Optional<String> address = environment
                .get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
                .map(path -> ECS + path)
                .or(() -> environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI url = URI.create(address.get());
            if (!trusted(url)) {
                throw new CredentialsException(
                        "AWS_CONTAINER_CREDENTIALS_FULL_URI must be https, or http to this host: " + url);
            }
            HttpRequest.Builder request = HttpRequest.newBuilder(url);
            token().ifPresent(token -> request.header("Authorization", token));
            SeedHttp.Reply reply = http.send(request.build());
            if (reply.status() != 200) {
                throw new CredentialsException(FROM + ": status " + reply.status() + " from " + url.getHost());
            }
            return Optional.of(CredentialsDocument.parse(reply.body(), FROM));
        } catch (IOException e) {
            throw new CredentialsException(FROM + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new CredentialsException(FROM + ": the address or the token in the environment is malformed", e);
        }
    }

    private static boolean trusted(URI url) {
        if ("https".equalsIgnoreCase(url.getScheme())) {
            return true;
        }
        String host = url.getHost() == null ? "" : url.getHost();
        return host.equals("localhost")
                || IpLiteral.parse(host)
                        .filter(address -> address.isLoopbackAddress() || CLEAR_TEXT_HOSTS.contains(text(address)))
                        .isPresent();
    }

    private static String text(InetAddress address) {
        return address.getHostAddress();
    }

    private Optional<String> token() throws IOException {
        Optional<String> file = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        return file.isPresent()
                ? Optional.of(Files.readString(Path.of(file.get())).strip())
                : environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    }
}
