package io.scrimplb.seed.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrimplb.seed.LocalHttp;
import io.scrimplb.seed.address.MetadataService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class CredentialsTest {
    private static final String ROLES = "iam/security-credentials/";

    @TempDir
    Path home;

    private final Map<String, String> variables = new HashMap<>();

    private Optional<AwsCredentials> find() throws CredentialsException {
        variables.putIfAbsent("HOME", home.toString());
        variables.putIfAbsent("AWS_EC2_METADATA_DISABLED", "true");
        return CredentialsChain.standard(variables::get).find();
    }

    private static String document(String key, String expiration) {
        return "{\"AccessKeyId\":\"" + key + "\",\"SecretAccessKey\":\"S\",\"Token\":\"T\",\"Expiration\":\""
                + expiration + "\"}";
    }

    @Test
    void theEnvironmentComesFirst() throws Exception {
        variables.putAll(Map.of("AWS_ACCESS_KEY_ID", "A", "AWS_SECRET_ACCESS_KEY", "S", "AWS_SESSION_TOKEN", "T"));
        assertThat(find()).contains(AwsCredentials.lasting("A", "S", Optional.of("T"), "the environment"));
        assertThat(find().orElseThrow()).hasToString("AwsCredentials[the environment]");
    }

    @Test
    void halfAnEnvironmentIsOneLine() {
        variables.put("AWS_ACCESS_KEY_ID", "A");
        assertThatThrownBy(this::find).hasMessage("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set both");
    }

    @Test
    void profilesComeFromBothFilesAndTheSecretsFileWins() throws Exception {
        Files.createDirectories(home.resolve(".aws"));
        Files.writeString(
                home.resolve(".aws/config"),
                "[default]\nregion = x\n[profile  dev]\naws_access_key_id=OLD\naws_secret_access_key=S2\n");
        Files.writeString(
                home.resolve(".aws/credentials"),
                "# mine\n[default]\naws_access_key_id = D\naws_secret_access_key = a=b/c+\n\n[dev]\naws_access_key_id = NEW\n");
        assertThat(find().orElseThrow())
                .extracting(AwsCredentials::accessKey, AwsCredentials::secretKey)
                .containsExactly("D", "a=b/c+");
        variables.put("AWS_PROFILE", "dev");
        assertThat(find().orElseThrow())
                .extracting(AwsCredentials::accessKey, AwsCredentials::secretKey)
                .containsExactly("NEW", "S2");
        variables.put("AWS_PROFILE", "nope");
        assertThatThrownBy(this::find).hasMessageContaining("AWS_PROFILE names nope");
    }

    @Test
    void otherFilesCanBeNamedAndAProfileThatLeadsElsewhereIsRefused() throws Exception {
        Path config = Files.writeString(home.resolve("c"), "[profile sso]\nsso_session = x\n");
        variables.putAll(Map.of("AWS_CONFIG_FILE", config.toString(), "AWS_PROFILE", "sso"));
        assertThatThrownBy(this::find).hasMessageContaining("profile sso uses sso_session, which is not supported");
    }

    @Test
    void nothingAnywhereIsEmpty() throws Exception {
        assertThat(find()).isEmpty();
    }

    @Test
    void aContainersRoleIsAskedWithItsToken() throws Exception {
        try (LocalHttp agent = new LocalHttp(exchange -> {
            boolean known = "secret".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            LocalHttp.text(exchange, known ? 200 : 401, known ? document("C", "2030-01-01T00:00:00Z") : "");
        })) {
            Path token = Files.writeString(home.resolve("token"), "secret\n");
            variables.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", agent.url() + "/role");
            variables.put("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString());
            assertThat(find().orElseThrow().accessKey()).isEqualTo("C");
        }
    }

    @Test
    void aContainersRoleIsNotAskedInClearTextOverTheNetwork() {
        variables.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://evil.example.com/");
        assertThatThrownBy(this::find).hasMessageContaining("must be https, or http to this host");
    }

    @Test
    void anInstancesRoleIsAskedWithAMetadataToken() throws Exception {
        try (MetadataService service = new MetadataService()) {
            service.values.put(ROLES, "lb-role");
            service.values.put(ROLES + "lb-role", document("I", "2030-01-01T00:00:00Z"));
            AwsCredentials found =
                    CredentialsChain.standard(service.environment()).find().orElseThrow();
            assertThat(found)
                    .isEqualTo(new AwsCredentials(
                            "I",
                            "S",
                            Optional.of("T"),
                            Optional.of(Instant.parse("2030-01-01T00:00:00Z")),
                            "the instance's role lb-role"));
            service.values.put(ROLES + "lb-role", "{\"SecretAccessKey\":\"S");
            assertThatThrownBy(() ->
                            CredentialsChain.standard(service.environment()).find())
                    .message()
                    .contains("no credentials document")
                    .doesNotContain("\"S");
        }
    }

    @Test
    void credentialsThatEndAreRenewedBeforeAndKeptToTheEndWhenTheyCannotBe() throws Exception {
        Instant end = Instant.parse("2026-11-21T13:00:00Z");
        AtomicInteger asked = new AtomicInteger();
        Instant[] now = {end.minusSeconds(3600)};
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now[0];
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
        CachedCredentials cached = new CachedCredentials(
                () -> {
                    if (asked.incrementAndGet() > 1) {
                        throw new CredentialsException("down");
                    }
                    return Optional.of(new AwsCredentials("A", "S", Optional.empty(), Optional.of(end), "x"));
                },
                clock);
        assertThat(cached.find()).isPresent();
        assertThat(cached.find()).isPresent();
        assertThat(asked).hasValue(1);
        now[0] = end.minusSeconds(60);
        assertThat(cached.find()).isPresent();
        assertThat(asked).hasValue(2);
        now[0] = end.plusSeconds(1);
        assertThatThrownBy(cached::find).hasMessage("down");
    }
}
