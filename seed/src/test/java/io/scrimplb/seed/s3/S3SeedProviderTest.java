package io.scrimplb.seed.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.seed.Environment;
import io.scrimplb.seed.LocalHttp;
import io.scrimplb.seed.ProviderConfig;
import io.scrimplb.seed.PushPlan;
import io.scrimplb.seed.PushResult;
import io.scrimplb.seed.Race;
import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedConflictException;
import io.scrimplb.seed.SeedCorruptException;
import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedHttp;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedPublisher;
import io.scrimplb.seed.SeedSet;
import io.scrimplb.seed.SeedSnapshot;
import io.scrimplb.seed.SeedVersion;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class S3SeedProviderTest {
    private static final Environment EMPTY = name -> null;
    private static final SeedSet ONE =
            SeedSet.empty().merge(new Seed("a", 1, null), Instant.EPOCH, Duration.ofHours(1));
    private static S3Server server;

    @BeforeAll
    static void startServerAndMakeBucket() throws Exception {
        server = new S3Server();
        SeedHttp.Reply made = SeedHttp.forStores()
                .send(new S3Requests("eu-west-1")
                        .signed("PUT", URI.create(server.url() + "/seeds-bucket"), Map.of(), new byte[0], right()));
        assertThat(made.status()).isEqualTo(200);
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    private static AwsCredentials right() {
        return AwsCredentials.lasting(S3Server.ACCESS, S3Server.SECRET, Optional.empty(), "the test");
    }

    private static S3Location location(String json) throws Exception {
        ObjectNode config = (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
        return S3Location.from(new ProviderConfig("s3", config), EMPTY);
    }

    private static S3SeedProvider at(String url, String bucket, String key, AwsCredentials as) throws Exception {
        S3Location where = location(
                "{'bucket':'" + bucket + "','region':'eu-west-1','key':'" + key + "','endpoint':'" + url + "'}");
        return new S3SeedProvider(where, () -> Optional.ofNullable(as), SeedHttp.forStores());
    }

    private static S3SeedProvider object(String key) throws Exception {
        return at(server.url(), "seeds-bucket", key, right());
    }

    @Test
    void aMissingObjectIsEmptyAndWhatIsWrittenIsRead() throws Exception {
        S3SeedProvider provider = object("dir/a b+ü=~.json");
        SeedSnapshot absent = provider.read();
        assertThat(absent.version()).isEqualTo(new SeedVersion.Absent());
        provider.write(ONE, absent.version());
        assertThat(provider.seeds()).extracting(Seed::address).containsExactly("a");
    }

    @Test
    void anOutdatedWriteIsAConflict() throws Exception {
        S3SeedProvider provider = object("conflict");
        provider.write(ONE, new SeedVersion.Absent());
        assertThatThrownBy(() -> provider.write(ONE, new SeedVersion.Absent()))
                .isInstanceOf(SeedConflictException.class);
        SeedVersion first = provider.read().version();
        provider.write(SeedSet.empty(), first);
        assertThatThrownBy(() -> provider.write(ONE, first)).isInstanceOf(SeedConflictException.class);
        assertThat(provider.seeds()).isEmpty();
    }

    @Test
    void concurrentWritersLoseNothing() throws Exception {
        Race.loseNothing(new OneWriteAtATime(object("race"), new Object()), 4);
    }

    @Test
    void publishersThatStartTogetherAllStandInTheObject() throws Exception {
        List<PushResult> results = new CopyOnWriteArrayList<>();
        List<SeedPublisher> publishers = new ArrayList<>();
        PushPlan plan = new PushPlan(Duration.ofSeconds(60), Duration.ZERO);
        Object turn = new Object();
        for (int i = 0; i < 3; i++) {
            SeedProvider provider = new OneWriteAtATime(object("publish"), turn);
            Seed own = new Seed("10.0.0." + i, 9999, null);
            publishers.add(SeedPublisher.start(provider, () -> own, plan, (type, result) -> results.add(result))
                    .orElseThrow());
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> results.stream().filter(PushResult.OK::equals).count() == 3);
        assertThat(object("publish").seeds()).extracting(Seed::address).hasSize(3);
        assertThat(publishers.get(0).withdraw()).isTrue();
        assertThat(object("publish").seeds())
                .extracting(Seed::address)
                .containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2");
        publishers.forEach(SeedPublisher::close);
    }

    @Test
    void aWrongSecretIsOneLineThatNamesWhereItCameFrom() throws Exception {
        AwsCredentials wrong = AwsCredentials.lasting(S3Server.ACCESS, "WRONG", Optional.empty(), "the environment");
        assertThatThrownBy(() -> at(server.url(), "seeds-bucket", "k", wrong).seeds())
                .isInstanceOf(SeedException.class)
                .hasMessage("reading s3://seeds-bucket/k was answered with 403 SignatureDoesNotMatch:"
                        + " the secret key from the environment is wrong");
        assertThatThrownBy(() -> at(server.url(), "seeds-bucket", "k", wrong).write(ONE, new SeedVersion.Absent()))
                .hasMessageContaining("writing s3://seeds-bucket/k was answered with 403 SignatureDoesNotMatch");
    }

    @Test
    void anUnknownKeyAndAMissingBucketAreOneLine() throws Exception {
        AwsCredentials unknown = AwsCredentials.lasting("NOBODY", "x", Optional.empty(), "profile p");
        assertThatThrownBy(() -> at(server.url(), "seeds-bucket", "k", unknown).seeds())
                .hasMessageContaining("InvalidAccessKeyId: the access key from profile p is not known there");
        assertThatThrownBy(() -> at(server.url(), "other-bucket", "k", right()).seeds())
                .hasMessageContaining("404 NoSuchBucket: create the bucket");
        assertThatThrownBy(() -> at(server.url(), "seeds-bucket", "k", null).seeds())
                .hasMessageStartingWith("no credentials for s3://seeds-bucket/k: set AWS_ACCESS_KEY_ID");
    }

    @Test
    void aCorruptObjectCanBeOverwrittenUnderItsOwnVersion() throws Exception {
        S3SeedProvider provider = object("corrupt");
        SeedHttp.Reply put = SeedHttp.forStores()
                .send(new S3Requests("eu-west-1")
                        .signed(
                                "PUT",
                                URI.create(server.url() + "/seeds-bucket/corrupt"),
                                Map.of(),
                                "<html>".getBytes(StandardCharsets.UTF_8),
                                right()));
        assertThat(put.status()).isEqualTo(200);
        assertThatThrownBy(provider::read)
                .isInstanceOfSatisfying(
                        SeedCorruptException.class,
                        e -> assertThat(e.version()).isInstanceOf(SeedVersion.Tagged.class));
        SeedPublisher publisher = SeedPublisher.start(
                        provider,
                        () -> new Seed("a", 1, null),
                        new PushPlan(Duration.ofSeconds(60), Duration.ZERO),
                        (type, result) -> {})
                .orElseThrow();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> publisher.status().lastSuccess().isPresent());
        publisher.close();
        assertThat(provider.seeds()).hasSize(1);
    }

    @Test
    void aStoreWithoutConditionsGetsPlainWrites() throws Exception {
        List<String> conditions = new CopyOnWriteArrayList<>();
        try (LocalHttp old = new LocalHttp(exchange -> {
            boolean conditional = exchange.getRequestHeaders().containsKey("If-none-match")
                    || exchange.getRequestHeaders().containsKey("If-match");
            conditions.add(String.valueOf(conditional));
            LocalHttp.text(exchange, conditional ? 501 : 200, conditional ? "<Code>NotImplemented</Code>" : "");
        })) {
            S3SeedProvider provider = at(old.url(), "seeds-bucket", "k", right());
            provider.write(ONE, new SeedVersion.Absent());
            provider.write(ONE, new SeedVersion.Tagged("x"));
            assertThat(conditions).containsExactly("true", "false", "false");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "301|PermanentRedirect|eu-central-1|the bucket is in region eu-central-1, set provider-config.region to it",
                "400|AuthorizationHeaderMalformed|eu-central-1|the bucket is in region eu-central-1",
                "403|AccessDenied||need s3:GetObject, s3:PutObject and s3:ListBucket",
                "403|RequestTimeTooSkewed||clock",
                "400|ExpiredToken||session token from the test is not valid any more",
                "503|SlowDown||the store is busy",
                "502|||the store is in trouble"
            })
    void aRefusalSaysWhatToDo(int status, String code, String region, String advice) throws Exception {
        try (LocalHttp store = new LocalHttp(exchange -> {
            if (region != null) {
                exchange.getResponseHeaders().set("x-amz-bucket-region", region);
            }
            LocalHttp.text(exchange, status, "<Error>\n<Code>" + code + "</Code></Error>");
        })) {
            assertThatThrownBy(
                            () -> at(store.url(), "seeds-bucket", "k", right()).seeds())
                    .isInstanceOf(SeedException.class)
                    .hasMessageContaining(advice)
                    .message()
                    .doesNotContain("\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'bucket':'bkt','region':'eu-west-1'}|https://bkt.s3.eu-west-1.amazonaws.com/scrimplb",
                "{'bucket':'b.kt','region':'eu-west-1'}|https://s3.eu-west-1.amazonaws.com/b.kt/scrimplb",
                "{'bucket':'bkt','region':'cn-north-1'}|https://bkt.s3.cn-north-1.amazonaws.com.cn/scrimplb",
                "{'bucket':'bkt','endpoint':'https://minio:9000/'}|https://minio:9000/bkt/scrimplb",
                "{'bucket':'bkt','endpoint':'https://x.net','path-style':false,'key':'/a/b c'}|https://bkt.x.net/a/b%20c"
            })
    void theObjectIsAddressedAsItsStoreWantsIt(String config, String url) throws Exception {
        assertThat(location(config).object()).hasToString(url);
    }
}
