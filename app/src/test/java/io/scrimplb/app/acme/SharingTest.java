package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.scrimplb.app.certificates.EcKeys;
import io.scrimplb.membership.wire.WireLimits;
import io.scrimplb.proxy.spec.ChallengeSpec;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What load balancers know of each other's certificates, with a clock of the test and messages that get lost. */
class SharingTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private final SampleAuthority authority = new SampleAuthority();
    private final Deque<Letter> post = new ArrayDeque<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private SplittableRandom random = new SplittableRandom(1);
    private int lossPercent;
    private Instant now = START;

    private record Letter(String from, String to, String text) {}

    private final class Node {
        final String id;
        final AcmeState state;
        final Sharing sharing;
        final Set<String> sees = new HashSet<>();

        Node(String id, String authorityName) {
            this.id = id;
            this.state = new AcmeState(new StateDirectory(directory.resolve(id)), clock());
            this.sharing = new Sharing(
                    state,
                    new PeerCodec(authorityName),
                    Set::of,
                    (to, text) -> post.add(new Letter(id, to, text)),
                    (probe, answer) -> answer.accept(new Preflight.Reached(Preflight.Outcome.OURS, "")));
        }

        void show() {
            List<ChallengeSpec> specs = state.challenges().specs();
            state.challenges().inForce(specs);
        }
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }

    private Node node(String id) {
        Node node = new Node(id, "authority");
        nodes.add(node);
        return node;
    }

    private void view(Node... members) {
        List<String> ids = List.of(members).stream().map(node -> node.id).toList();
        for (Node member : members) {
            member.sees.clear();
            member.sees.addAll(ids);
            member.sharing.view(ids, member.id);
        }
    }

    /** So much time, in steps of a tick, with all messages that come of it. */
    private void pass(Duration time) {
        for (Instant end = now.plus(time); now.isBefore(end); now = now.plusMillis(250)) {
            nodes.forEach(node -> node.sharing.tick());
            while (!post.isEmpty()) {
                Letter letter = post.poll();
                texts.add(letter.text());
                assertThat(texts).as("messages that end at some time").hasSizeLessThan(20_000);
                Node to = nodes.stream()
                        .filter(node -> node.id.equals(letter.to()))
                        .findFirst()
                        .orElseThrow();
                if (to.sees.contains(letter.from()) && random.nextInt(100) >= lossPercent) {
                    to.sharing.received(letter.from(), letter.text());
                }
            }
        }
    }

    private IssuedCertificate certificate(String host, int days) {
        return authority.issue(host, START.minus(Duration.ofDays(1)), START.plus(Duration.ofDays(days)));
    }

    @Test
    void whoJoinsHasAllCertificatesHoweverManyThereAreAndTheAccountAndTheLedger() throws Exception {
        Node old = node("old");
        for (int i = 0; i < 20; i++) {
            old.state.take(certificate("h" + i + ".example.com", 60));
        }
        old.state.takeAccount(
                new Account(URI.create("https://authority.example/1").toURL(), EcKeys.generate(), START));
        old.state.ledger().failed("h1.example.com", Failure.authority("no"), false, now, 0);
        view(old);
        pass(Duration.ofSeconds(1));

        Node fresh = node("fresh");
        view(old, fresh);
        assertThat(fresh.state.peers().expected(now)).isNotEmpty();
        pass(Duration.ofSeconds(1));

        assertThat(fresh.state.peers().expected(now)).isEmpty();
        assertThat(fresh.state.vault().all())
                .hasSize(20)
                .containsAll(old.state.vault().all());
        assertThat(fresh.state.account().orElseThrow().shortName())
                .isEqualTo(old.state.account().orElseThrow().shortName());
        assertThat(fresh.state.ledger().names()).isEqualTo(old.state.ledger().names());
        assertThat(fresh.state
                        .vault()
                        .certificate("h7.example.com")
                        .orElseThrow()
                        .key())
                .isEqualTo(old.state
                        .vault()
                        .certificate("h7.example.com")
                        .orElseThrow()
                        .key());
    }

    @Test
    void anAccountThatTheAuthorityLostComesBackFromNobody() throws Exception {
        Node a = node("a");
        Node b = node("b");
        Account dead = new Account(URI.create("https://authority.example/1").toURL(), EcKeys.generate(), START);
        a.state.takeAccount(dead);
        view(a, b);
        pass(Duration.ofSeconds(1));
        assertThat(b.state.account()).isPresent();

        a.state.loseAccount(dead);
        a.sharing.tellLost();
        Account made = new Account(
                URI.create("https://authority.example/2").toURL(), EcKeys.generate(), START.plusSeconds(60));
        a.state.takeAccount(made);
        a.sharing.tell(made);
        Node late = node("late");
        late.state.takeAccount(dead);
        view(a, b, late);
        pass(Duration.ofMinutes(2));

        for (Node node : nodes) {
            assertThat(node.state.account().map(Account::shortName)).as(node.id).contains(made.shortName());
        }
    }

    @Test
    void whatIsNeverTakenIsNotAskedForAsFastAsTheNetworkLets() {
        Node a = node("a");
        Node b = node("b");
        // More than one answer holds, of names that the other one takes nothing for.
        for (int i = 0; i < 20; i++) {
            a.state.take(certificate("h" + i + ".localhost", 60));
        }
        view(a, b);

        pass(Duration.ofMinutes(5));

        assertThat(b.state.vault().all()).isEmpty();
        assertThat(texts.stream().filter(text -> text.contains("\"hello\""))).hasSizeLessThan(60);
    }

    @Test
    void theLongestGreetingFitsIntoANoteAndIsReadWhole() throws Exception {
        Set<String> have = new LinkedHashSet<>();
        for (int i = 0; i < PeerCodec.MAX_HAVE; i++) {
            have.add(String.format("%011d", i));
        }
        Set<InetAddress> addresses = new HashSet<>();
        for (int i = 0; i < PeerCodec.MAX_ADDRESSES; i++) {
            addresses.add(InetAddress.getByName("2001:db8:ffff:ffff:ffff:ffff:ffff:ff" + (10 + i)));
        }
        PeerMessage hello = new PeerMessage.Hello(true, new SealedBox().publicKey(), have, addresses);
        PeerCodec codec = new PeerCodec(
                "an-authority-with-a-long-name.certificates.a-division-of.a-large-organisation.example.com-0a1b2c3d");

        String text = codec.write(hello);

        assertThat(text.length()).isLessThanOrEqualTo(WireLimits.NOTE_CHARS);
        assertThat(codec.read(text).message()).contains(hello);
    }

    @Test
    void noKeyIsReadableInWhatTravels() throws Exception {
        Node old = node("old");
        IssuedCertificate certificate = certificate("shop.example.com", 60);
        old.state.take(certificate);
        Node fresh = node("fresh");
        view(old, fresh);
        pass(Duration.ofSeconds(2));

        String key = Base64.getEncoder().encodeToString(certificate.key().getEncoded());
        assertThat(fresh.state.vault().all()).hasSize(1);
        assertThat(texts).isNotEmpty().noneMatch(text -> text.contains(key) || text.contains("PRIVATE"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void afterAPartitionAllAgreeAlthoughMessagesAreLost(long seed) {
        random = new SplittableRandom(seed);
        lossPercent = 40;
        Node a = node("a");
        Node b = node("b");
        Node c = node("c");
        Node d = node("d");
        view(a, b);
        view(c, d);
        pass(Duration.ofSeconds(5));
        // One order on each side for the same names.
        for (int i = 0; i < 5; i++) {
            IssuedCertificate left = certificate("h" + i + ".example.com", 60 + random.nextInt(3));
            IssuedCertificate right = certificate("h" + i + ".example.com", 60 + random.nextInt(3));
            a.state.take(left);
            a.sharing.tell(left);
            c.state.take(right);
            c.sharing.tell(right);
        }
        pass(Duration.ofSeconds(5));
        view(a, b, c, d);

        pass(Duration.ofMinutes(4));

        for (Node node : nodes) {
            assertThat(node.state.vault().all())
                    .as("seed %s, %s", seed, node.id)
                    .containsExactlyElementsOf(a.state.vault().all());
            assertThat(node.state.peers().expected(now)).isEmpty();
        }
    }

    @Test
    void aChallengeCountsAsShownOnlyOnceEveryoneShowsIt() {
        Node a = node("a");
        Node b = node("b");
        Node c = node("c");
        view(a, b, c);
        pass(Duration.ofSeconds(1));
        Challenge challenge = new Challenge.Http("shop.example.com", "token", "token.thumbprint");

        CompletableFuture<Void> shown = shown(a, challenge);
        a.show();
        pass(Duration.ofSeconds(1));
        assertThat(shown).isNotDone();
        b.show();
        pass(Duration.ofSeconds(1));
        assertThat(shown).isNotDone();
        assertThat(a.sharing.quorum().missing(challenge, Long.MAX_VALUE))
                .contains("b")
                .contains("c");
        c.show();
        pass(Duration.ofSeconds(1));
        assertThat(shown).isCompleted();
        assertThat(c.state.challenges().shows(challenge)).isTrue();
    }

    @Test
    void whoLeavesIsNotWaitedForAndWhatItWantedShownIsNoLonger() {
        Node a = node("a");
        Node b = node("b");
        view(a, b);
        pass(Duration.ofSeconds(1));
        Challenge challenge = new Challenge.Http("shop.example.com", "token", "token.thumbprint");
        CompletableFuture<Void> shown = shown(a, challenge);
        a.show();
        pass(Duration.ofSeconds(1));
        assertThat(shown).isNotDone();
        assertThat(b.state.challenges().specs()).hasSize(1);

        view(a);
        view(b);
        pass(Duration.ofSeconds(1));

        assertThat(shown).isCompleted();
        assertThat(b.state.challenges().specs()).isEmpty();
    }

    @Test
    void whoUsesAnotherAuthorityGetsNothing() {
        Node a = node("a");
        a.state.take(certificate("shop.example.com", 60));
        Node other = new Node("other", "another-authority");
        nodes.add(other);
        view(a, other);
        pass(Duration.ofSeconds(20));

        assertThat(other.state.vault().all()).isEmpty();
        assertThat(a.state.peers().silent(now)).containsExactly("other");
    }

    @Test
    void noMessageWhateverItIsEndsMoreThanItself() {
        Node a = node("a");
        Node b = node("b");
        view(a, b);
        pass(Duration.ofSeconds(1));
        String prefix = "{\"v\":1,\"authority\":\"authority\",\"t\":";
        for (String text : List.of(
                "",
                "[]",
                "{",
                "null",
                prefix + "\"hello\"}",
                prefix + "\"issued\",\"host\":\"../../etc/passwd\",\"sealed\":\"AAAA\"}",
                prefix + "\"issued\",\"host\":\"shop.example.com\",\"sealed\":\"AAAA\"}",
                prefix + "\"account\",\"sealed\":\"AAAA\"}",
                prefix + "\"ledger\",\"ledger\":{\"names\":{\"a\":7},\"orders\":\"x\"}}",
                prefix + "\"challenges\",\"challenges\":[{\"host\":\"x\",\"token\":\"../..\",\"content\":\"\"}]}",
                prefix + "\"probe\",\"id\":1,\"port\":80,\"challenge\":{\"host\":\"10.0.0.1\",\"token\":\"a\"}}",
                prefix + "\"probed\",\"outcome\":\"x\"}",
                prefix + "\"of tomorrow\"}",
                "{\"v\":2}")) {
            assertThat(a.sharing.received("b", text)).as(text).isFalse();
        }
        assertThat(a.state.vault().all()).isEmpty();
        assertThat(a.state.challenges().specs()).isEmpty();
    }

    @Test
    void whatIsNoLiteralAddressIsLeftOutAndNeverLookedFor() throws Exception {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        List.of("abc.de", "fe.ed.be", "1.2.3.4.5.6.7.8", "fade", "10.0.0.7", "2001:db8::1", "fe80::1%lo", "ab%c:d")
                .forEach(list::add);

        assertThat(PeerCodec.addresses(list))
                .extracting(InetAddress::getHostAddress)
                .contains("10.0.0.7", "2001:db8:0:0:0:0:0:1")
                .allMatch(address -> address.contains(":") || address.matches("[0-9.]+"));
    }

    @Test
    void messagesAreReadAsTheyWereWritten() throws Exception {
        PeerCodec codec = new PeerCodec("authority");
        Ledger ledger = new Ledger();
        ledger.failed("shop.example.com", Failure.authority("no"), false, START, 0);
        for (PeerMessage message : List.of(
                new PeerMessage.Hello(
                        true,
                        "key",
                        Set.of(certificate("a.example.com", 1).shortName()),
                        Set.of(InetAddress.getByName("2001:db8::1"))),
                new PeerMessage.Rest(true),
                new PeerMessage.Issued("shop.example.com", "sealed"),
                new PeerMessage.AccountIs("sealed"),
                new PeerMessage.LedgerPart(
                        new LedgerJson.Part(ledger.names(), List.of(START), ForAll.NONE.lost("abc"))),
                new PeerMessage.Challenges(
                        9,
                        List.of(
                                new Challenge.Http("a.example.com", "t", "t.x"),
                                Challenge.Alpn.of("a.example.com", new byte[AlpnCertificate.VALIDATION_BYTES]))),
                new PeerMessage.InForce(9),
                new PeerMessage.Probe(3, 80, new Challenge.Http("a.example.com", "t", "t.x")),
                new PeerMessage.Probed(3, new Preflight.Reached(Preflight.Outcome.NOBODY, "timeout")))) {
            assertThat(codec.read(codec.write(message)).message()).isEqualTo(Optional.of(message));
        }
    }

    private static CompletableFuture<Void> shown(Node node, Challenge challenge) {
        long revision = node.state.challenges().add(challenge);
        node.sharing.tellChallenges();
        CompletableFuture<Void> shown = new CompletableFuture<>();
        node.sharing.quorum().await(challenge, revision, shown);
        return shown;
    }
}
