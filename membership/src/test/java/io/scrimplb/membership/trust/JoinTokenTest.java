package io.scrimplb.membership.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinTokenTest {
    private static final ClusterSecret SECRET = ClusterSecret.generate();
    private static final Instant UNTIL = Instant.parse("2030-01-01T00:00:00Z");
    private static final Claims CLAIMS =
            new Claims(List.of("*.example.com", "example.com"), List.of(new PortRange(443, 443), new PortRange(1, 9)));

    @Test
    void whatWasMadeIsReadAgain() throws Exception {
        JoinToken made = JoinToken.create(SECRET, Role.BACKEND, CLAIMS, UNTIL.plusMillis(5));

        JoinToken read = JoinToken.parse("  " + made.reveal() + "\n");

        assertThat(made.grant()).isEqualTo(new Grant(Optional.of(Role.BACKEND), CLAIMS, Optional.of(UNTIL)));
        assertThat(read.grant()).isEqualTo(made.grant());
        assertThat(read.reveal())
                .isEqualTo(made.reveal())
                .startsWith("scrimp-token-")
                .hasSizeLessThan(800);
        assertThat(read.authority().fingerprint()).isEqualTo(made.authority().fingerprint());
        assertThat(JoinToken.parse(made.reveal().replaceAll("(.{64})", "$1\n")).grant())
                .isEqualTo(made.grant());
    }

    @Test
    void noClaimsMeanWhateverTheLoadBalancerAllows() throws Exception {
        JoinToken made = JoinToken.create(SECRET, Role.BACKEND, Claims.UNLIMITED, UNTIL);

        assertThat(JoinToken.parse(made.reveal()).grant().claims()).isEqualTo(Claims.UNLIMITED);
    }

    @Test
    void thereIsNoTokenForALoadBalancer() {
        assertThatThrownBy(() -> JoinToken.create(SECRET, Role.LOAD_BALANCER, CLAIMS, UNTIL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cluster-secret");
    }

    @Test
    void whatDoesNotFitIsRefusedWhenItIsMade() throws Exception {
        List<String> many =
                IntStream.range(0, 64).mapToObj(i -> "d" + i + ".example.com").toList();
        String label = "x".repeat(60);
        List<String> tooLong = IntStream.range(0, 64)
                .mapToObj(i -> "d" + i + "." + label + "." + label + "." + label)
                .toList();
        List<PortRange> ports = Collections.nCopies(65, new PortRange(1, 2));

        assertThat(JoinToken.parse(JoinToken.create(SECRET, Role.BACKEND, new Claims(many, ports.subList(0, 64)), UNTIL)
                                .reveal())
                        .grant()
                        .claims()
                        .domains())
                .hasSize(64);
        for (Claims claims : List.of(
                new Claims(tooLong, List.of()),
                new Claims(Collections.nCopies(65, "a.example"), List.of()),
                new Claims(List.of(), ports),
                new Claims(List.of("UPPER.example"), List.of()),
                new Claims(List.of("a b"), List.of()),
                new Claims(List.of("*"), List.of()),
                new Claims(List.of("x.*.example"), List.of()),
                new Claims(List.of(""), List.of()))) {
            assertThatThrownBy(() -> JoinToken.create(SECRET, Role.BACKEND, claims, UNTIL))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("the token has");
        }
        for (Instant until : List.of(Instant.MIN, Instant.MAX, Instant.EPOCH.minusSeconds(1))) {
            assertThatThrownBy(() -> JoinToken.create(SECRET, Role.BACKEND, CLAIMS, until))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void everyWrongCharacterAndEveryExchangeOfNeighboursIsATypingError() {
        String right = JoinToken.create(SECRET, Role.BACKEND, CLAIMS, UNTIL).reveal();
        for (int at = JoinToken.PREFIX.length(); at < right.length(); at++) {
            for (char c : new char[] {'A', 'z', '_', '!', 'ü', (char) (right.charAt(at) ^ 1)}) {
                if (c != right.charAt(at)) {
                    assertTypingError(right.substring(0, at) + c + right.substring(at + 1));
                }
            }
            if (at + 1 < right.length() && right.charAt(at) != right.charAt(at + 1)) {
                assertTypingError(
                        right.substring(0, at) + right.charAt(at + 1) + right.charAt(at) + right.substring(at + 2));
            }
            assertTypingError(right.substring(0, at));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "token",
                "scrimp-token",
                "scrimp-token-",
                "scrimp-token-====",
                "scrimp-secret-3ahrz6dmv29gqy5ckt18fpx4bj74z5",
                "SCRIMP-TOKEN-AAAA"
            })
    void whatIsNoTokenIsRefused(String text) {
        assertThatThrownBy(() -> JoinToken.parse(text))
                .isInstanceOf(SecretException.class)
                .hasMessageStartingWith("join-token: ");
    }

    @Test
    void aHugeTextIsRefused() {
        assertThatThrownBy(() -> JoinToken.parse(JoinToken.PREFIX + "A".repeat(10_000_000)))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("12000 characters");
    }

    @Test
    void aTokenOfALaterVersionIsRefusedAsSuch() {
        byte[] payload = payload(JoinToken.create(SECRET, Role.BACKEND, CLAIMS, UNTIL));
        payload[0] = 2;

        assertThatThrownBy(() -> JoinToken.parse(JoinToken.encode(payload)))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void partsOfDifferentTokensDoNotMakeOne() throws Exception {
        byte[] one = payload(JoinToken.create(SECRET, Role.BACKEND, CLAIMS, UNTIL));
        byte[] other = payload(JoinToken.create(ClusterSecret.generate(), Role.BACKEND, CLAIMS, UNTIL));
        byte[] otherKey = one.clone();
        System.arraycopy(other, 1, otherKey, 1, 32);
        byte[] otherAuthority = one.clone();
        System.arraycopy(other, 33, otherAuthority, 33, 64);
        KeyPair authority = Issuer.authorityKey(SECRET);
        KeyPair key = P256.generate();
        byte[] member = new Issuer(Authority.of(authority.getPublic()).name(), authority.getPrivate())
                .issue(key.getPublic(), Optional.of(new GrantExtension(GrantExtension.Kind.MEMBER, Grant.FULL)))
                .getEncoded();
        byte[] ofMember = ByteBuffer.allocate(97 + member.length)
                .put((byte) 1)
                .put(P256.scalar(key.getPrivate()))
                .put(P256.point(authority.getPublic()))
                .put(member)
                .array();

        for (byte[] payload : List.of(otherKey, otherAuthority, ofMember)) {
            assertThatThrownBy(() -> JoinToken.parse(JoinToken.encode(payload)))
                    .isInstanceOf(SecretException.class)
                    .hasMessageContaining("not a token");
        }
    }

    @Test
    void itsTextDoesNotShow() {
        assertThat(JoinToken.create(SECRET, Role.BACKEND, CLAIMS, UNTIL)).hasToString("JoinToken[masked]");
    }

    static byte[] payload(JoinToken token) {
        byte[] checked = Base64.getUrlDecoder().decode(token.reveal().substring(JoinToken.PREFIX.length()));
        return Arrays.copyOf(checked, checked.length - 4);
    }

    private static void assertTypingError(String text) {
        assertThatThrownBy(() -> JoinToken.parse(text))
                .isInstanceOf(SecretException.class)
                .hasMessageStartingWith("join-token: typing error");
    }
}
