package io.scrimplb.membership.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.TrustException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final ClusterSecret OLD = ClusterSecret.generate();
    private static final ClusterSecret NEW = ClusterSecret.generate();
    private static final ClusterSecret FOREIGN = ClusterSecret.generate();
    private static final Claims CLAIMS = new Claims(List.of("*.example.com"), List.of(new PortRange(443, 443)));
    private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");
    private static final Grant TOKEN_GRANT = new Grant(Optional.of(Role.BACKEND), CLAIMS, Optional.of(LATER));

    @Test
    void holdersOfOneSecretProveWhoTheyAreAndThatTheyMayDoAll() throws Exception {
        Credentials client = Credentials.of(NEW, null);
        Credentials server = Credentials.of(NEW, null);

        Handshake handshake = Handshake.between(client, server);

        assertThat(handshake.succeeded()).isTrue();
        Proof ofServer = client.proofOf(handshake.client().getSession());
        Proof ofClient = server.proofOf(handshake.server().getSession());
        assertThat(ofServer.memberId()).isEqualTo(server.memberId());
        assertThat(ofServer.grant()).isEqualTo(Grant.FULL);
        assertThat(ofClient.memberId()).isEqualTo(client.memberId()).isNotEqualTo(server.memberId());
        assertThat(ofClient.grant()).isEqualTo(Grant.FULL);
        assertThat(handshake.client().getSession().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(handshake.server().getApplicationProtocol()).isEqualTo("scrimp/1");
        byte[] message = "frame".getBytes(StandardCharsets.UTF_8);
        assertThat(handshake.send(message, true)).isEqualTo(message);
        assertThat(handshake.send(message, false)).isEqualTo(message);
    }

    @Test
    void theClientSeesThatTheServerHasAnotherSecretAndTheServerSeesTheAlert() {
        Handshake handshake = Handshake.between(Credentials.of(NEW, null), Credentials.of(FOREIGN, null));

        assertThat(handshake.clientFailure()).hasValueSatisfying(HandshakeTest::isOtherSecret);
        assertThat(handshake.serverFailure())
                .hasValueSatisfying(failure -> assertThat(failure)
                        .isInstanceOf(SSLHandshakeException.class)
                        .hasMessageContaining("certificate_unknown"));
    }

    @Test
    void aStretchedSecretMakesTheSameAuthorityInEachProcess() throws Exception {
        String own = "correct horse battery staple";

        assertThat(Handshake.between(
                                Credentials.of(ClusterSecret.parse(own, false), null),
                                Credentials.of(ClusterSecret.parse(own + "\n", false), null))
                        .succeeded())
                .isTrue();
    }

    @Test
    void membersWithTwoSecretsAndMembersWithOneOfThemUnderstandEachOther() throws Exception {
        Credentials old = Credentials.of(OLD, null);
        Credentials both = Credentials.of(NEW, OLD);
        Credentials fresh = Credentials.of(NEW, null);

        understand(both, old);
        understand(old, both);
        understand(both, fresh);
        understand(fresh, both);
        understand(both, Credentials.of(NEW, OLD));
        understand(Credentials.of(OLD, FOREIGN), both);
        understand(both, Credentials.of(FOREIGN, OLD));
        assertThat(Handshake.between(old, fresh).succeeded()).isFalse();
    }

    @Test
    void aMemberHasOneIdUnderBothSecretsAndTellsByWhichItLives() throws Exception {
        Credentials both = Credentials.of(NEW, OLD);
        Credentials old = Credentials.of(OLD, null);
        Credentials fresh = Credentials.of(NEW, null);

        Proof toOld = old.proofOf(Handshake.between(old, both).client().getSession());
        Proof toFresh = fresh.proofOf(Handshake.between(fresh, both).client().getSession());
        Proof ofOld = both.proofOf(Handshake.between(both, old).client().getSession());

        assertThat(toOld.memberId()).isEqualTo(toFresh.memberId()).isEqualTo(both.memberId());
        assertThat(toOld.authority()).isNotEqualTo(toFresh.authority()).isEqualTo(ofOld.authority());
    }

    @Test
    void theSameSecretTwiceIsOneAuthority() throws Exception {
        understand(Credentials.of(NEW, NEW), Credentials.of(NEW, null));
        understand(Credentials.of(NEW, null), Credentials.of(NEW, NEW));
    }

    @Test
    void aTokenProvesItsGrantToHoldersOfTheSecretInBothDirections() throws Exception {
        Credentials backend = Credentials.of(token(NEW, LATER));
        Credentials balancer = Credentials.of(NEW, null);

        Handshake asClient = understand(backend, balancer);
        Handshake asServer = understand(balancer, backend);

        assertThat(balancer.proofOf(asClient.server().getSession()).grant()).isEqualTo(TOKEN_GRANT);
        assertThat(balancer.proofOf(asServer.client().getSession()).grant()).isEqualTo(TOKEN_GRANT);
        assertThat(backend.proofOf(asClient.client().getSession()).grant()).isEqualTo(Grant.FULL);
        assertThat(backend.hasToken()).isTrue();
        assertThat(balancer.hasToken()).isFalse();
    }

    @Test
    void twoProcessesWithOneTokenAreTwoMembers() throws Exception {
        JoinToken token = token(NEW, LATER);
        Credentials one = Credentials.of(token);
        Credentials other = Credentials.of(JoinToken.parse(token.reveal()));

        understand(one, other);

        assertThat(one.memberId()).isNotEqualTo(other.memberId());
    }

    @Test
    void holdersOfTwoTokensUnderstandEachOther() throws Exception {
        understand(Credentials.of(token(NEW, LATER)), Credentials.of(token(NEW, LATER)));
    }

    @Test
    void aTokenOfThePreviousSecretHoldsWhileThatIsBelieved() throws Exception {
        Credentials backend = Credentials.of(token(OLD, LATER));

        understand(backend, Credentials.of(NEW, OLD));
        understand(Credentials.of(NEW, OLD), backend);
        assertThat(Handshake.between(backend, Credentials.of(NEW, null)).succeeded())
                .isFalse();
    }

    @Test
    void aTokenOfAnotherClusterIsRefusedByWhoeverConnects() {
        Credentials stranger = Credentials.of(token(FOREIGN, LATER));
        Credentials balancer = Credentials.of(NEW, null);

        assertThat(Handshake.between(stranger, balancer).clientFailure())
                .hasValueSatisfying(HandshakeTest::isOtherSecret);
        assertThat(Handshake.between(balancer, stranger).clientFailure())
                .hasValueSatisfying(HandshakeTest::isOtherSecret);
    }

    @Test
    void anExpiredTokenProvesThatItIsExpired() throws Exception {
        Instant past = Instant.parse("2001-01-01T00:00:00Z");
        Credentials backend = Credentials.of(token(NEW, past));
        Credentials balancer = Credentials.of(NEW, null);

        Grant grant = balancer.proofOf(understand(backend, balancer).server().getSession())
                .grant();

        assertThat(grant.joinsUntil()).contains(past);
        assertThat(grant.mayJoin(past)).isFalse();
        assertThat(grant.mayJoin(past.minusSeconds(1))).isTrue();
    }

    @Test
    void whatALoadBalancerCertifiesKeepsIdRoleAndClaimsButHasNoEnd() throws Exception {
        Credentials backend = Credentials.of(token(OLD, LATER));
        Credentials balancer = Credentials.of(NEW, OLD);
        Proof before = balancer.proofOf(understand(backend, balancer).server().getSession());

        backend.adopt(balancer.certify(before));

        Proof after = balancer.proofOf(understand(backend, balancer).server().getSession());
        assertThat(after.memberId()).isEqualTo(before.memberId());
        assertThat(after.grant()).isEqualTo(new Grant(Optional.of(Role.BACKEND), CLAIMS, Optional.empty()));
        understand(balancer, backend);
        understand(backend, Credentials.of(token(OLD, LATER)));
        understand(backend, Credentials.of(OLD, null));
    }

    @Test
    void aCertificateOfAnotherMemberOrAuthorityOrOfNoFormIsNotAdopted() throws Exception {
        Credentials balancer = Credentials.of(NEW, null);
        Credentials stranger = Credentials.of(FOREIGN, null);
        Credentials backend = Credentials.of(token(NEW, LATER));
        Credentials other = Credentials.of(token(NEW, LATER));
        Proof ofOther = balancer.proofOf(understand(other, balancer).server().getSession());
        Proof ofBackend =
                balancer.proofOf(understand(backend, balancer).server().getSession());
        Proof elsewhere = new Proof(ofBackend.memberId(), ofBackend.key(), ofBackend.grant(), authority(stranger));

        assertThatThrownBy(() -> backend.adopt(balancer.certify(ofOther)))
                .isInstanceOfSatisfying(
                        TrustException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
        assertThatThrownBy(() -> backend.adopt(stranger.certify(elsewhere)))
                .isInstanceOfSatisfying(
                        TrustException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OTHER_SECRET));
        assertThatThrownBy(() -> backend.adopt(new byte[] {0x30, 0}))
                .isInstanceOfSatisfying(
                        TrustException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
        assertThatThrownBy(() -> balancer.adopt(balancer.certify(ofBackend))).isInstanceOf(TrustException.class);
        assertThat(balancer.proofOf(understand(backend, balancer).server().getSession())
                        .grant())
                .isEqualTo(TOKEN_GRANT);
    }

    @Test
    void onlyAHolderOfTheSecretCertifiesAndOnlyHoldersOfTokens() throws Exception {
        Credentials balancer = Credentials.of(NEW, null);
        Credentials backend = Credentials.of(token(NEW, LATER));
        Handshake handshake = understand(backend, balancer);
        Proof ofBackend = balancer.proofOf(handshake.server().getSession());
        Proof ofBalancer = backend.proofOf(handshake.client().getSession());

        assertThat(backend.canCertify()).isFalse();
        assertThat(balancer.canCertify()).isTrue();
        assertThatThrownBy(() -> backend.certify(ofBackend)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> balancer.certify(ofBalancer)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoeverSharesNoProtocolOrNamesNoneIsRefused() {
        Credentials one = Credentials.of(NEW, null);
        Credentials other = Credentials.of(NEW, null);

        assertThat(Handshake.between(one.clientEngine(List.of("a")), other.serverEngine(List.of("b")))
                        .succeeded())
                .isFalse();
        SSLEngine silent = one.clientEngine(Handshake.PROTOCOLS);
        withParameters(silent, parameters -> parameters.setApplicationProtocols(new String[0]));
        Handshake handshake = Handshake.between(silent, other.serverEngine(Handshake.PROTOCOLS));
        assertThat(handshake.succeeded()).isFalse();
        assertThat(handshake.serverFailure()).isPresent();
    }

    @Test
    void theFirstProtocolOfTheServerThatBothKnowIsTaken() {
        Credentials one = Credentials.of(NEW, null);

        Handshake handshake = Handshake.between(
                one.clientEngine(List.of("c", "b", "a")),
                Credentials.of(NEW, null).serverEngine(List.of("x", "a", "b")));

        assertThat(handshake.client().getApplicationProtocol()).isEqualTo("a");
        assertThat(handshake.server().getApplicationProtocol()).isEqualTo("a");
    }

    @Test
    void olderVersionsOfTlsAreRefusedByBothEnds() {
        Credentials one = Credentials.of(NEW, null);
        Credentials other = Credentials.of(NEW, null);
        Handshake toServer = Handshake.between(oldClientOf(one), other.serverEngine(Handshake.PROTOCOLS));
        Handshake toOldServer = Handshake.between(other.clientEngine(Handshake.PROTOCOLS), oldServerOf(one));

        assertThat(toServer.succeeded()).isFalse();
        assertThat(toServer.serverFailure())
                .hasValueSatisfying(failure -> assertThat(failure).hasMessageContaining("TLSv1.2"));
        assertThat(toOldServer.succeeded()).isFalse();
        assertThat(Handshake.between(oldClientOf(one), oldServerOf(one)).succeeded())
                .as("the old version works where both want it")
                .isTrue();
    }

    private static SSLEngine oldClientOf(Credentials credentials) {
        return old(credentials.clientEngine(Handshake.PROTOCOLS));
    }

    private static SSLEngine oldServerOf(Credentials credentials) {
        return old(credentials.serverEngine(Handshake.PROTOCOLS));
    }

    private static SSLEngine old(SSLEngine engine) {
        withParameters(engine, parameters -> {
            parameters.setProtocols(new String[] {"TLSv1.2"});
            parameters.setCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"});
        });
        return engine;
    }

    private static void withParameters(SSLEngine engine, Consumer<SSLParameters> change) {
        SSLParameters parameters = engine.getSSLParameters();
        change.accept(parameters);
        engine.setSSLParameters(parameters);
    }

    private static Handshake understand(Credentials client, Credentials server) throws TrustException {
        Handshake handshake = Handshake.between(client, server);
        assertThat(handshake.clientFailure()).isEmpty();
        assertThat(handshake.serverFailure()).isEmpty();
        assertThat(handshake.succeeded()).isTrue();
        assertThat(client.proofOf(handshake.client().getSession()).memberId()).isEqualTo(server.memberId());
        assertThat(server.proofOf(handshake.server().getSession()).memberId()).isEqualTo(client.memberId());
        return handshake;
    }

    private static void isOtherSecret(SSLException failure) {
        assertThat(failure).hasCauseInstanceOf(TrustException.class);
        assertThat(((TrustException) failure.getCause()).reason()).isEqualTo(Reason.OTHER_SECRET);
    }

    private static String authority(Credentials holder) throws TrustException {
        Handshake handshake = Handshake.between(holder, holder);
        return holder.proofOf(handshake.client().getSession()).authority();
    }

    private static JoinToken token(ClusterSecret secret, Instant until) {
        return JoinToken.create(secret, Role.BACKEND, CLAIMS, until);
    }
}
