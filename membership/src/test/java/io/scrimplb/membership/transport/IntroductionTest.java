package io.scrimplb.membership.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.Grant;
import io.scrimplb.membership.trust.Proof;
import java.net.InetSocketAddress;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IntroductionTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final UUID OWN = MemberAddress.id(new UUID(1, 1), Role.LOAD_BALANCER);
    private static final UUID KEY = new UUID(77, 78);
    private static final Versions VERSIONS = new Versions(2, 4, "5.5.7.Final");

    private final Introduction introduction =
            new Introduction("test", VERSIONS, self(OWN, Role.LOAD_BALANCER), Clock.fixed(NOW, ZoneOffset.UTC));

    private static Control.Self self(UUID id, Role role) {
        return new Control.Self(id, role, "web-1", new InetSocketAddress("10.1.2.3", 9_999));
    }

    private static Control.Hello hello(Versions versions, String cluster, Control.Self self) {
        return new Control.Hello(versions, cluster, self);
    }

    private Introduction.Verdict judged(Control.Self self, @Nullable Grant grant) throws Exception {
        return introduction.judge(hello(VERSIONS, "test", self), grant == null ? null : proof(grant));
    }

    private static Proof proof(Grant grant) throws Exception {
        PublicKey key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
        return new Proof(KEY, key, grant, "f00d");
    }

    private static Grant token(Role role, Instant until) {
        return new Grant(Optional.of(role), Claims.UNLIMITED, Optional.ofNullable(until));
    }

    @Test
    void memberIsLetInWithItsGrant() throws Exception {
        Control.Self backend = self(MemberAddress.id(KEY, Role.BACKEND), Role.BACKEND);
        assertThat(judged(backend, null)).isEqualTo(new Introduction.Verdict(null, "", Grant.FULL));
        assertThat(judged(backend, Grant.FULL).refusal()).isNull();
        assertThat(judged(self(MemberAddress.id(KEY, Role.LOAD_BALANCER), Role.LOAD_BALANCER), Grant.FULL)
                        .refusal())
                .isNull();
        Grant token = token(Role.BACKEND, NOW.plusSeconds(1));
        assertThat(judged(backend, token)).isEqualTo(new Introduction.Verdict(null, "", token));
        assertThat(judged(backend, token(Role.BACKEND, null)).refusal()).isNull();
    }

    @Test
    void otherVersionsAreRefusedWithOurs() throws Exception {
        Control.Self backend = self(MemberAddress.id(KEY, Role.BACKEND), Role.BACKEND);
        for (Versions other : new Versions[] {
            new Versions(5, 9, "5.5.7.Final"), new Versions(0, 1, "5.5.7.Final"), new Versions(2, 4, "5.6.0.Final"),
            new Versions(2, 4, "6.5.7"), new Versions(2, 4, ""), new Versions(4, 2, "nonsense")
        }) {
            Introduction.Verdict verdict = introduction.judge(hello(other, "test", backend), null);
            assertThat(verdict.refusal()).as(other.toString()).isEqualTo(Refusal.OTHER_VERSION);
            assertThat(verdict.detail()).contains("2 to 4", "5.5.7");
        }
        for (Versions other : new Versions[] {new Versions(4, 9, "5.5.0"), new Versions(1, 2, "5.5.99.Final")}) {
            assertThat(introduction.judge(hello(other, "test", backend), null).refusal())
                    .isNull();
        }
        assertThat(introduction
                        .judge(new Control.Welcome(5, backend, null), null)
                        .refusal())
                .isEqualTo(Refusal.OTHER_VERSION);
        assertThat(introduction
                        .judge(new Control.Welcome(1, backend, null), null)
                        .refusal())
                .isEqualTo(Refusal.OTHER_VERSION);
        assertThat(introduction
                        .judge(new Control.Welcome(3, backend, null), null)
                        .refusal())
                .isNull();
    }

    @Test
    void otherClusterIsRefusedWithTheNameOfOurs() {
        Introduction.Verdict verdict = introduction.judge(
                hello(VERSIONS, "other", self(MemberAddress.id(KEY, Role.BACKEND), Role.BACKEND)), null);
        assertThat(verdict.refusal()).isEqualTo(Refusal.OTHER_CLUSTER);
        assertThat(verdict.detail()).isEqualTo("test");
    }

    @Test
    void itselfIsRefused() throws Exception {
        assertThat(judged(self(OWN, Role.LOAD_BALANCER), null).refusal()).isEqualTo(Refusal.ITSELF);
    }

    @Test
    void idOfTheOtherRoleIsNotGranted() throws Exception {
        assertThat(judged(self(MemberAddress.id(KEY, Role.BACKEND), Role.LOAD_BALANCER), null)
                        .refusal())
                .isEqualTo(Refusal.NOT_GRANTED);
        assertThat(judged(self(MemberAddress.id(KEY, Role.LOAD_BALANCER), Role.BACKEND), Grant.FULL)
                        .refusal())
                .isEqualTo(Refusal.NOT_GRANTED);
    }

    @Test
    void idOfAnotherKeyIsNotGranted() throws Exception {
        assertThat(judged(self(MemberAddress.id(new UUID(77, 79), Role.BACKEND), Role.BACKEND), Grant.FULL)
                        .refusal())
                .isEqualTo(Refusal.NOT_GRANTED);
    }

    @Test
    void otherRoleThanTheTokensIsNotGranted() throws Exception {
        assertThat(judged(
                                self(MemberAddress.id(KEY, Role.LOAD_BALANCER), Role.LOAD_BALANCER),
                                token(Role.BACKEND, null))
                        .refusal())
                .isEqualTo(Refusal.NOT_GRANTED);
    }

    @Test
    void tokenEndsWithSomeToleranceForClocks() throws Exception {
        Control.Self backend = self(MemberAddress.id(KEY, Role.BACKEND), Role.BACKEND);
        assertThat(judged(backend, token(Role.BACKEND, NOW.minusSeconds(30))).refusal())
                .isNull();
        Introduction.Verdict late = judged(backend, token(Role.BACKEND, NOW.minusSeconds(31)));
        assertThat(late.refusal()).isEqualTo(Refusal.TOKEN_EXPIRED);
        assertThat(late.detail()).contains("2026-11-26T11:59:29Z");
    }
}
