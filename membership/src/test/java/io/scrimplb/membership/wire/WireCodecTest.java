package io.scrimplb.membership.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationOptions.BackendTls;
import io.scrimplb.membership.ApplicationOptions.Hsts;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireCodecTest {
    private static final String ID = "0b6f7c9e-2c4d-4e57-9d77-111111111111";
    private final WireCodec codec = new WireCodec();

    static List<WireMessage> messages() {
        Application full = new Application(
                "blog",
                List.of("blog.example.com", "*.blog.example.com"),
                List.of("/", "/api"),
                8443,
                8081,
                ApplicationProtocol.H2C,
                "1.4.2",
                7,
                "p2c",
                ApplicationOptions.NONE);
        Application sparse = new Application(
                "raw",
                List.of(),
                List.of("/"),
                null,
                1,
                ApplicationProtocol.TCP,
                null,
                1000,
                null,
                ApplicationOptions.NONE);
        Application optional = withOptions(new ApplicationOptions(
                new BackendTls("-----BEGIN CERTIFICATE-----\n" + "MIIB".repeat(4000), "inner.example.com", false),
                ApplicationOptions.ProxyProtocol.V2,
                new Hsts(31536000, true)));
        Announcement announcement = new Announcement(3, "10.0.0.9", List.of(full, sparse, optional));
        return List.of(
                new WireMessage.Query(WireMessage.NOTHING_KNOWN),
                new WireMessage.Query(Long.MAX_VALUE),
                new WireMessage.Unchanged(3),
                new WireMessage.Offer(Announcement.NONE),
                new WireMessage.Offer(announcement),
                new WireMessage.Knowledge(ID, announcement, Claims.UNLIMITED),
                new WireMessage.Knowledge(
                        ID,
                        announcement,
                        new Claims(
                                List.of("*", "*.example.com", "example.org"),
                                List.of(PortRange.of(443), new PortRange(8000, 8999)))),
                new WireMessage.Knowledge(ID, announcement, new Claims(List.of("a.example.com"), List.of())),
                new WireMessage.Note("acme", ""),
                new WireMessage.Note("acme", "{\"a\":\"\u00e9\"}".repeat(WireLimits.NOTE_CHARS / 9)),
                // Pairs that a cut must not part.
                new WireMessage.Note("acme", "x" + "\ud83d\ude00".repeat(3000)));
    }

    private static Application withOptions(ApplicationOptions options) {
        return new Application(
                "optional", List.of(), List.of("/"), null, 1, ApplicationProtocol.HTTPS, null, 100, null, options);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsWrittenIsRead(WireMessage message) {
        byte[] bytes = codec.encode(message);

        assertThat(codec.decode(bytes, 0, bytes.length)).isEqualTo(new Decoded.Understood(message, 0, List.of()));
    }

    /** Members before the options take no longer one, and would refuse the whole message for it. */
    @Test
    void noStringOfAnAuthorityIsTooLongForOlderMembers() {
        String ca = "x".repeat(WireLimits.CA_CHARS);
        byte[] bytes = codec.encode(new WireMessage.Offer(new Announcement(
                1, null, List.of(withOptions(new ApplicationOptions(new BackendTls(ca, null, false), null, null))))));
        assertThat(new String(bytes, StandardCharsets.UTF_8).split("\"")).allMatch(part -> part.length() <= 2048);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"backend-tls\":1",
                "\"backend-tls\":{\"ca\":\"x\"}",
                "\"backend-tls\":{\"ca\":[]}",
                "\"backend-tls\":{\"ca\":[1]}",
                "\"backend-tls\":{\"ca\":[\"\\u0000\"]}",
                "\"backend-tls\":{\"ca\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}",
                "\"backend-tls\":{\"ca\":[\"x\"],\"insecure\":true}",
                "\"backend-tls\":{\"insecure\":\"yes\"}",
                "\"backend-tls\":{\"server-name\":\"*.example.com\"}",
                "\"backend-tls\":{\"server-name\":\"a b\"}",
                "\"proxy-protocol\":\"v3\"",
                "\"proxy-protocol\":2",
                "\"hsts\":{}",
                "\"hsts\":{\"max-age\":-1}",
                "\"hsts\":{\"max-age\":1e9}",
                "\"hsts\":{\"max-age\":99999999999}",
                "\"hsts\":{\"max-age\":1,\"include-subdomains\":1}"
            })
    void anApplicationWithABadOptionIsLeftOutAndTheOthersStay(String option) {
        Decoded decoded = decode("{\"v\":1,\"type\":\"announcement\",\"revision\":1,\"applications\":["
                + "{\"name\":\"bad\",\"application-port\":80,\"protocol\":\"https\"," + option + "},"
                + "{\"name\":\"good\",\"application-port\":80,\"protocol\":\"https\",\"backend-tls\":null}]}");
        assertThat(decoded).isInstanceOfSatisfying(Decoded.Understood.class, understood -> {
            assertThat(understood.refused()).isEqualTo(1);
            assertThat(understood.problems()).singleElement().asString().startsWith("application bad: ");
        });
    }

    @Test
    void noteIsOfOneTopicAndBoundedAndItsContentIsNotShown() {
        String longer = "\"" + "x".repeat(1024) + "\"" + (",\"" + "x".repeat(1024) + "\"").repeat(64);

        assertThat(decode("{\"v\":1,\"type\":\"note\",\"topic\":\"acme\",\"content\":[" + longer + "]}"))
                .isInstanceOf(Decoded.Malformed.class);
        assertThat(decode("{\"v\":1,\"type\":\"note\",\"topic\":\"No topic\",\"content\":[]}"))
                .isInstanceOf(Decoded.Malformed.class);
        assertThat(decode("{\"v\":1,\"type\":\"note\",\"topic\":\"acme\",\"content\":7}"))
                .isInstanceOf(Decoded.Malformed.class);
        assertThat(new WireMessage.Note("acme", "a private key").toString()).doesNotContain("private");
    }

    @Test
    void unknownFieldsAreIgnored() {
        Decoded decoded = decode("{\"v\":1,\"type\":\"announcement\",\"revision\":1,\"mood\":{\"good\":[1,2]},"
                + "\"applications\":[{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"health\":{}}]}");

        assertThat(decoded).isInstanceOfSatisfying(Decoded.Understood.class, understood -> {
            assertThat(understood.refused()).isZero();
            assertThat(understood.message()).isInstanceOf(WireMessage.Offer.class);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"v\":2,\"type\":\"query\"}",
                "{\"v\":1,\"type\":\"song\"}",
                "{\"v\":99999999999,\"type\":\"x\"}"
            })
    void otherVersionsAndTypesAreUnknown(String json) {
        assertThat(decode(json)).isInstanceOf(Decoded.Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "7",
                "\"x\"",
                "{",
                "{}",
                "{\"v\":1}",
                "{\"v\":\"1\",\"type\":\"query\"}",
                "{\"v\":1,\"v\":1,\"type\":\"query\",\"known\":1}",
                "{\"v\":1,\"type\":\"query\",\"known\":1} {}",
                "{\"v\":1,\"type\":\"query\"}",
                "{\"v\":1,\"type\":\"query\",\"known\":-2}",
                "{\"v\":1,\"type\":\"query\",\"known\":1.5}",
                "{\"v\":1,\"type\":\"query\",\"known\":1e400}",
                "{\"v\":1,\"type\":\"query\",\"known\":9999999999999999999}",
                "{\"v\":1,\"type\":\"query\",\"known\":99999999999999999999999999999999}",
                "{\"v\":1,\"type\":\"unchanged\",\"revision\":-1}",
                "{\"v\":1,\"type\":\"announcement\",\"applications\":[]}",
                "{\"v\":1,\"type\":\"announcement\",\"revision\":1}",
                "{\"v\":1,\"type\":\"announcement\",\"revision\":1,\"applications\":null}",
                "{\"v\":1,\"type\":\"announcement\",\"revision\":1,\"advertise-address\":7,\"applications\":[]}",
                "{\"v\":1,\"type\":\"announcement\",\"revision\":1,\"advertise-address\":\"a b\",\"applications\":[]}",
                "{\"v\":1,\"type\":\"knowledge\",\"revision\":1,\"applications\":[]}",
                "{\"v\":1,\"type\":\"knowledge\",\"member\":\"../../etc\",\"revision\":1,\"applications\":[]}"
            })
    void malformedMessagesAreRefusedInOneLine(String json) {
        refused(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "[]",
                "\"*\"",
                "{}",
                "{\"domains\":[]}",
                "{\"domains\":[],\"ports\":443}",
                "{\"domains\":[],\"ports\":[443]}",
                "{\"domains\":[7],\"ports\":[]}",
                "{\"domains\":[\"\"],\"ports\":[]}",
                "{\"domains\":[\"A.example.com\"],\"ports\":[]}",
                "{\"domains\":[\"**.example.com\"],\"ports\":[]}",
                "{\"domains\":[\"*.\"],\"ports\":[]}",
                "{\"domains\":\"*\",\"ports\":[]}",
                "{\"domains\":[],\"ports\":[\"0\"]}",
                "{\"domains\":[],\"ports\":[\"65536\"]}",
                "{\"domains\":[],\"ports\":[\"99-98\"]}",
                "{\"domains\":[],\"ports\":[\"80-\"]}",
                "{\"domains\":[],\"ports\":[\"-80\"]}",
                "{\"domains\":[],\"ports\":[\" 80\"]}",
                "{\"domains\":[],\"ports\":[\"\"]}"
            })
    void knowledgeWithClaimsThatAreMisunderstoodIsRefusedAsAWhole(String claims) {
        refused(knowledge(",\"claims\":" + claims));
    }

    @Test
    void claimsHaveAnEnd() {
        String many = "\"a.example.com\",".repeat(WireLimits.CLAIMS) + "\"b.example.com\"";
        String ports = "\"80\",".repeat(WireLimits.CLAIMS) + "\"81\"";

        refused(knowledge(",\"claims\":{\"domains\":[" + many + "],\"ports\":[]}"));
        refused(knowledge(",\"claims\":{\"domains\":[],\"ports\":[" + ports + "]}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"claims\":null"})
    void knowledgeOfAMemberThatKnowsNoClaimsIsWithoutLimits(String field) {
        assertThat(decode(knowledge(field)))
                .isInstanceOfSatisfying(
                        Decoded.Understood.class,
                        understood -> assertThat(((WireMessage.Knowledge) understood.message()).claims())
                                .isEqualTo(Claims.UNLIMITED));
    }

    @Test
    void aReaderThatKnowsNoClaimsStillUnderstandsTheRest() {
        byte[] bytes = codec.encode(
                new WireMessage.Knowledge(ID, Announcement.NONE, new Claims(List.of("*"), List.of(PortRange.of(1)))));

        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .startsWith("{\"v\":1,\"type\":\"knowledge\",")
                .endsWith(",\"claims\":{\"domains\":[\"*\"],\"ports\":[\"1\"]}}");
    }

    private static String knowledge(String more) {
        return "{\"v\":1,\"type\":\"knowledge\",\"member\":\"" + ID + "\",\"revision\":1,\"applications\":[]" + more
                + "}";
    }

    private void refused(String json) {
        assertThat(decode(json))
                .isInstanceOfSatisfying(
                        Decoded.Malformed.class,
                        malformed -> assertThat(malformed.why())
                                .isNotBlank()
                                .hasSizeLessThan(200)
                                .doesNotContain("\n"));
    }

    @Test
    void limitsHold() {
        assertThat(decode("{\"v\":1,\"a\":" + "[".repeat(100_000))).isInstanceOf(Decoded.Malformed.class);
        assertThat(decode("{\"v\":1,\"a\":\"" + "x".repeat(3_000) + "\"}")).isInstanceOf(Decoded.Malformed.class);
        assertThat(decode("{\"" + "x".repeat(100) + "\":1}")).isInstanceOf(Decoded.Malformed.class);
        assertThat(decode(" ".repeat(WireLimits.MESSAGE_BYTES + 1))).isInstanceOf(Decoded.Malformed.class);
        assertThat(decode(announcement("{},".repeat(WireLimits.APPLICATIONS) + "{}")))
                .isInstanceOf(Decoded.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "{}",
                "{\"name\":\"\",\"application-port\":80,\"protocol\":\"http\"}",
                "{\"name\":\"a b\",\"application-port\":80,\"protocol\":\"http\"}",
                "{\"name\":7,\"application-port\":80,\"protocol\":\"http\"}",
                "{\"name\":\"a\",\"protocol\":\"http\"}",
                "{\"name\":\"a\",\"application-port\":0,\"protocol\":\"http\"}",
                "{\"name\":\"a\",\"application-port\":-1,\"protocol\":\"http\"}",
                "{\"name\":\"a\",\"application-port\":70000,\"protocol\":\"http\"}",
                "{\"name\":\"a\",\"application-port\":4294967376,\"protocol\":\"http\"}",
                "{\"name\":\"a\",\"application-port\":\"80\",\"protocol\":\"http\"}",
                "{\"name\":\"a\",\"application-port\":80}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"HTTP\"}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"listen-port\":0}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"weight\":0}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"weight\":1001}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"domains\":\"a.b\"}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"domains\":[7]}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"domains\":[\"A.b\"]}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"domains\":[\"a..b\"]}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"domains\":[\"a.*.b\"]}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"domains\":[\"*.\"]}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"domains\":[\"a\\nb\"]}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"domains\":[\"a.b\",\"a.b\"]}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"paths\":[]}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"paths\":[\"x\"]}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"paths\":[\"/a?b\"]}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"paths\":[\"/a b\"]}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"version\":\"\\u0007\"}",
                "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\",\"balance\":\"a b\"}"
            })
    void oneBadApplicationDoesNotLoseTheOthers(String bad) {
        String good = "{\"name\":\"good\",\"application-port\":80,\"protocol\":\"http\"}";

        assertThat(decode(announcement(bad + "," + good))).isInstanceOfSatisfying(Decoded.Understood.class, decoded -> {
            assertThat(decoded.refused()).isEqualTo(1);
            assertThat(decoded.problems()).singleElement().asString().doesNotContain("\n");
            assertThat(((WireMessage.Offer) decoded.message()).announcement().applications())
                    .extracting(Application::name)
                    .containsExactly("good");
        });
    }

    @Test
    void secondApplicationOfTheSameNameIsLeftOut() {
        String twice = "{\"name\":\"a\",\"application-port\":80,\"protocol\":\"http\"}";

        assertThat(decode(announcement(twice + "," + twice)))
                .isInstanceOfSatisfying(
                        Decoded.Understood.class,
                        decoded -> assertThat(decoded.problems())
                                .containsExactly("application a: its name stands there twice"));
    }

    @Test
    void asManyApplicationsAsFitAreCounted() {
        List<String> domains =
                IntStream.range(0, 100).mapToObj(i -> "d" + i + ".example.com").toList();
        List<Application> applications = IntStream.range(0, 600)
                .mapToObj(i -> new Application(
                        "a" + i,
                        domains,
                        List.of("/"),
                        null,
                        80,
                        ApplicationProtocol.HTTP,
                        null,
                        1,
                        null,
                        ApplicationOptions.NONE))
                .toList();
        int fitting = codec.fitting(new Announcement(1, null, applications));

        byte[] bytes = codec.encode(new WireMessage.Knowledge(
                ID, new Announcement(1, "x".repeat(253), applications.subList(0, fitting)), longestClaims()));

        assertThat(bytes).hasSizeLessThanOrEqualTo(WireLimits.MESSAGE_BYTES);
        assertThat(fitting).isBetween(400, WireLimits.APPLICATIONS);
        assertThat(codec.decode(bytes, 0, bytes.length)).isInstanceOf(Decoded.Understood.class);
    }

    @Test
    void damagedMessagesNeverThrow() {
        long seed = 42;
        Random random = new Random(seed);
        byte[] good = codec.encode(messages().get(4));
        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = good.clone();
            for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            assertThat(codec.decode(damaged, 0, 1 + random.nextInt(damaged.length)))
                    .as("seed " + seed + ", round " + i)
                    .isNotNull();
        }
    }

    private static Claims longestClaims() {
        String tail = ("." + "x".repeat(60)).repeat(4);
        return new Claims(
                IntStream.range(0, WireLimits.CLAIMS)
                        .mapToObj(i -> ("a" + i + tail).substring(0, 245))
                        .toList(),
                IntStream.range(0, WireLimits.CLAIMS)
                        .mapToObj(i -> new PortRange(10_000 + i, 60_000 + i))
                        .toList());
    }

    private Decoded decode(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return codec.decode(bytes, 0, bytes.length);
    }

    private static String announcement(String applications) {
        return "{\"v\":1,\"type\":\"announcement\",\"revision\":1,\"applications\":[" + applications + "]}";
    }
}
