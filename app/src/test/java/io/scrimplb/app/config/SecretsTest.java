package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.JoinToken;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lets a member into the cluster: where it may come from, what must fit, and that no message shows any of it. */
@Timeout(30)
class SecretsTest {
    private static final ClusterSecret SECRET = ClusterSecret.generate();
    private static final ClusterSecret PREVIOUS = ClusterSecret.generate();
    private static final Instant END = Instant.now().plus(Duration.ofHours(1));
    private static final Claims CLAIMS = new Claims(List.of("*.example.com"), List.of(PortRange.of(443)));
    private static final JoinToken TOKEN = JoinToken.create(SECRET, Role.BACKEND, CLAIMS, END);
    private static final String WEAK = "correct-horse";

    @TempDir
    Path directory;

    private Loading backend() {
        return Loading.nothing().as(Role.BACKEND).with("SCRIMP_PROVIDER", "dummy");
    }

    @Test
    void secretsComeFromTheEnvironment() throws Exception {
        ClusterConfig config = Loading.nothing()
                .with("SCRIMP_CLUSTER_SECRET", SECRET.reveal())
                .with("SCRIMP_PREVIOUS_CLUSTER_SECRET", PREVIOUS.reveal())
                .load()
                .config()
                .cluster();

        assertThat(config.secured()).isTrue();
        assertThat(config.secret()).contains(SECRET);
        assertThat(config.previousSecret()).contains(PREVIOUS);
    }

    @Test
    void secretsComeFromFilesThatTheEnvironmentNames() throws Exception {
        ClusterConfig config = Loading.nothing()
                .with("SCRIMP_CLUSTER_SECRET_FILE", file("secret", SECRET.reveal()))
                .with("SCRIMP_PREVIOUS_CLUSTER_SECRET_FILE", file("previous", PREVIOUS.reveal()))
                .load()
                .config()
                .cluster();

        assertThat(config.secret()).contains(SECRET);
        assertThat(config.previousSecret()).contains(PREVIOUS);
    }

    @Test
    void aTokenComesFromTheEnvironmentOrAFile() throws Exception {
        for (Loading loading : List.of(
                backend().with("SCRIMP_JOIN_TOKEN", TOKEN.reveal()),
                backend().with("SCRIMP_JOIN_TOKEN_FILE", file("token", TOKEN.reveal())))) {
            ClusterConfig config = loading.load().config().cluster();

            assertThat(config.secured()).isTrue();
            assertThat(config.joinToken().orElseThrow().grant().claims()).isEqualTo(CLAIMS);
        }
    }

    @Test
    void withoutEitherTheClusterIsNotSecured() throws Exception {
        assertThat(backend().load().config().cluster().secured()).isFalse();
    }

    @Test
    void theLongestTokenFits() throws Exception {
        List<String> domains = IntStream.range(0, 60)
                .mapToObj(i -> "a" + i + ".a-rather-long-name-of-a-machine-in-a-cellar.of-a-company.example.com")
                .toList();
        String longest = JoinToken.create(SECRET, Role.BACKEND, new Claims(domains, List.of()), END)
                .reveal();

        assertThat(longest.length()).isGreaterThan(ScalarTypes.MAX_TEXT_CHARACTERS);
        assertThat(backend()
                        .with("SCRIMP_JOIN_TOKEN", longest)
                        .load()
                        .config()
                        .cluster()
                        .joinToken())
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster-secret", "previous-cluster-secret"})
    void aWeakSecretIsRefusedInOneLine(String key) {
        String text = key.equals("cluster-secret")
                ? "{\"cluster-secret\": \"" + WEAK + "\"}"
                : "{\"cluster-secret\": \"" + SECRET.reveal() + "\",\n\"previous-cluster-secret\": \"" + WEAK + "\"}";

        assertThat(Loading.text(directory, "scrimp.json", text).problems())
                .singleElement()
                .asString()
                .contains(" " + key + ": it is weak: it is shorter than 20 characters", "allow-weak-secret")
                .doesNotContain(WEAK);
    }

    @Test
    void aWeakSecretIsTakenFromWhoeverInsists() throws Exception {
        ClusterConfig config = Loading.nothing()
                .with("SCRIMP_CLUSTER_SECRET", WEAK)
                .with("SCRIMP_ALLOW_WEAK_SECRET", "true")
                .load()
                .config()
                .cluster();

        assertThat(config.secret()).contains(ClusterSecret.parse(WEAK, true));
    }

    @Test
    void aSlipOfThePenIsToldAsOne() {
        String text = SECRET.reveal();
        char last = text.charAt(text.length() - 1);
        String slip = text.substring(0, text.length() - 1) + (last == 'a' ? 'b' : 'a');

        assertThat(Loading.nothing().with("SCRIMP_CLUSTER_SECRET", slip).problems())
                .singleElement()
                .asString()
                .startsWith("environment SCRIMP_CLUSTER_SECRET cluster-secret: typing error")
                .doesNotContain(slip);
        assertThat(backend()
                        .with("SCRIMP_JOIN_TOKEN", TOKEN.reveal().replaceFirst(".$", "_"))
                        .problems())
                .singleElement()
                .asString()
                .startsWith("environment SCRIMP_JOIN_TOKEN join-token: typing error");
    }

    @Test
    void aSecretAndATokenThatChangedPlacesAreTold() {
        assertThat(Loading.nothing()
                        .with("SCRIMP_CLUSTER_SECRET", TOKEN.reveal())
                        .problems())
                .containsExactly(
                        "environment SCRIMP_CLUSTER_SECRET cluster-secret: it is a join token; give it as join-token");
        assertThat(backend().with("SCRIMP_JOIN_TOKEN", SECRET.reveal()).problems())
                .containsExactly(
                        "environment SCRIMP_JOIN_TOKEN join-token: it is a cluster secret; give it as cluster-secret");
    }

    @Test
    void theSecretBeforeIsNothingByItself() {
        assertThat(Loading.nothing()
                        .with("SCRIMP_PREVIOUS_CLUSTER_SECRET", PREVIOUS.reveal())
                        .problems())
                .containsExactly("environment SCRIMP_PREVIOUS_CLUSTER_SECRET previous-cluster-secret: is there without"
                        + " cluster-secret; it only helps while a new one takes its place, so call it cluster-secret");
    }

    @Test
    void aBackendWithSecretAndTokenIsToldWhichToRemove() {
        assertThat(backend()
                        .with("SCRIMP_CLUSTER_SECRET", SECRET.reveal())
                        .with("SCRIMP_JOIN_TOKEN", TOKEN.reveal())
                        .problems())
                .containsExactly("environment SCRIMP_CLUSTER_SECRET cluster-secret: is there together with join-token;"
                        + " remove cluster-secret, since a backend with a token needs no secret and is limited only"
                        + " without it");
    }

    @Test
    void aLoadBalancerNeedsTheSecretItself() {
        assertThat(Loading.nothing()
                        .as(Role.LOAD_BALANCER)
                        .with("SCRIMP_JOIN_TOKEN", TOKEN.reveal())
                        .problems())
                .containsExactly("environment SCRIMP_JOIN_TOKEN join-token: is for backends; a load balancer needs the"
                        + " cluster secret itself, so set cluster-secret instead");
        assertThat(Loading.nothing()
                        .as(Role.LOAD_BALANCER)
                        .with("SCRIMP_CLUSTER_SECRET", SECRET.reveal())
                        .with("SCRIMP_JOIN_TOKEN", TOKEN.reveal())
                        .problems())
                .singleElement()
                .asString()
                .endsWith("so leave the token out");
    }

    @Test
    void aTokenWhoseTimeIsOverIsNotedAndNoProblem() throws Exception {
        String over = JoinToken.create(SECRET, Role.BACKEND, CLAIMS, Instant.parse("2026-01-02T03:04:05Z"))
                .reveal();

        assertThat(backend().with("SCRIMP_JOIN_TOKEN", over).load().notes())
                .containsExactly(
                        "join-token let a backend join until 2026-01-02T03:04:05Z, and that is over: make a new"
                                + " one on a load balancer with 'scrimp token create'");
        assertThat(backend().with("SCRIMP_JOIN_TOKEN", TOKEN.reveal()).load().notes())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7", "0.0.0.0", "::"})
    void withASecretAnyAddressMayBeBound(String address) throws Exception {
        assertThat(Loading.nothing()
                        .with("SCRIMP_BIND_ADDRESS", address)
                        .with("SCRIMP_CLUSTER_SECRET", SECRET.reveal())
                        .load()
                        .config()
                        .cluster()
                        .bindAddress())
                .contains(InetAddress.getByName(address));
        assertThat(backend()
                        .with("SCRIMP_BIND_ADDRESS", address)
                        .with("SCRIMP_JOIN_TOKEN", TOKEN.reveal())
                        .load()
                        .config()
                        .cluster()
                        .bindAddress())
                .contains(InetAddress.getByName(address));
    }

    /** Ways to get a secret wrong. */
    enum Slip {
        WEAK_JSON("scrimp.json", "{\"cluster-secret\": \"hunter2-horse\"}"),
        WITHOUT_QUOTES("scrimp.json", "{\"cluster-secret\": hunter2-horse}"),
        WITHOUT_QUOTES_ALONE("scrimp.json", "hunter2-horse"),
        WITHOUT_END("scrimp.json", "{\"cluster-secret\": \"hunter2-horse}"),
        LIST("scrimp.json", "{\"cluster-secret\": [\"hunter2-horse\"]}"),
        OBJECT("scrimp.json", "{\"cluster-secret\": {\"value\": \"hunter2-horse\"}}"),
        REFERENCE("scrimp.json", "{\"cluster-secret\": \"${hunter2-horse}\"}"),
        MISNAMED("scrimp.json", "{\"clustersecret\": \"hunter2-horse\"}"),
        CONTROL("scrimp.json", "{\"cluster-secret\": \"hunter2-horse\\u0007\"}"),
        TWICE("scrimp.json", "{\"cluster-secret\": \"hunter2-horse\", \"cluster-secret\": \"hunter2-horse\"}"),
        TOKEN_JSON("scrimp.json", "{\"join-token\": \"hunter2-horse\"}"),
        TOKEN_REFERENCE("scrimp.json", "{\"join-token\": \"${hunter2-horse}\"}"),
        ALIAS("scrimp.yaml", "cluster-secret: *hunter2-horse\n"),
        ANCHOR("scrimp.yaml", "cluster-secret: &hunter2-horse\n"),
        TAG("scrimp.yaml", "cluster-secret: !hunter2-horse x\n"),
        COLON("scrimp.yaml", "cluster-secret: hunter2-horse: x\n"),
        AT("scrimp.yaml", "cluster-secret: @hunter2-horse\n"),
        WEAK_YAML("scrimp.yaml", "cluster-secret: hunter2-horse\n");

        private final String file;
        private final String text;

        Slip(String file, String text) {
            this.file = file;
            this.text = text;
        }
    }

    @ParameterizedTest
    @EnumSource(Slip.class)
    void whateverIsWrongWithASecretItIsNotShown(Slip slip) {
        assertThat(Loading.text(directory, slip.file, slip.text).problems())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).doesNotContain("hunter2").doesNotContain("horse"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SCRIMP_CLUSTER_SECRET_FILE", "SCRIMP_PREVIOUS_CLUSTER_SECRET_FILE", "SCRIMP_JOIN_TOKEN_FILE"})
    void aSecretInPlaceOfItsFilesNameIsNotShown(String variable) {
        for (String given : List.of(SECRET.reveal(), TOKEN.reveal(), "hunter2-horse", "nul\0hunter2")) {
            assertThat(Loading.nothing().with(variable, given).problems())
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line)
                            .contains(variable)
                            .doesNotContain(given)
                            .doesNotContain("hunter2"));
        }
    }

    @Test
    void nothingThatIsLoadedShowsASecret() throws Exception {
        LoadedConfig loaded = Loading.text(
                        directory,
                        "scrimp.json",
                        "{\"cluster-secret\": \"" + SECRET.reveal() + "\", \"previous-cluster-secret\": \""
                                + PREVIOUS.reveal() + "\", \"join-token\": \"" + TOKEN.reveal() + "\"}")
                .load();

        for (Object shown : List.of(loaded, loaded.config(), loaded.config().cluster(), loaded.values())) {
            assertThat(shown.toString())
                    .doesNotContain(SECRET.reveal())
                    .doesNotContain(PREVIOUS.reveal())
                    .doesNotContain(TOKEN.reveal());
        }
        assertThat(loaded.values())
                .extracting(EffectiveValue::path, EffectiveValue::text)
                .contains(
                        tuple("cluster-secret", Excerpt.MASK),
                        tuple("previous-cluster-secret", Excerpt.MASK),
                        tuple("join-token", Excerpt.MASK));
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text + "\n").toString();
    }
}
