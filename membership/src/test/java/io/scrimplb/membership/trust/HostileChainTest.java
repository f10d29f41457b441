package io.scrimplb.membership.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.GrantExtension.Kind;
import io.scrimplb.membership.trust.TrustException.Reason;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown here has the form of ours but for one thing. */
class HostileChainTest {
    private static final ClusterSecret SECRET = ClusterSecret.generate();
    private static final KeyPair AUTHORITY_KEY = Issuer.authorityKey(SECRET);
    private static final Authority AUTHORITY = Authority.of(AUTHORITY_KEY.getPublic());
    private static final Issuer ISSUER = new Issuer(AUTHORITY.name(), AUTHORITY_KEY.getPrivate());
    private static final ChainVerifier VERIFIER = new ChainVerifier(List.of(AUTHORITY));
    private static final Claims CLAIMS = new Claims(List.of("*.example.com"), List.of(new PortRange(443, 443)));
    private static final JoinToken TOKEN =
            JoinToken.create(SECRET, Role.BACKEND, CLAIMS, Instant.parse("2100-01-01T00:00:00Z"));
    private static final Credentials MEMBER = Credentials.of(SECRET, null);

    private final KeyPair key = P256.generate();

    @Test
    void thatFormItselfIsBelieved() throws Exception {
        X509Certificate member =
                Forge.by(ISSUER).granting(Kind.MEMBER, Grant.FULL).forKey(key.getPublic());
        X509Certificate byToken = Forge.by(TOKEN.issuer()).forKey(key.getPublic());

        assertBelieved(Grant.FULL, member);
        assertBelieved(TOKEN.grant(), byToken, TOKEN.certificate());
    }

    @Test
    void datesDoNotMatter() throws Exception {
        assertBelieved(
                Grant.FULL,
                Forge.by(ISSUER)
                        .granting(Kind.MEMBER, Grant.FULL)
                        .valid("19600101000000Z", "19700101000000Z")
                        .forKey(key.getPublic()));
        assertBelieved(
                Grant.FULL,
                Forge.by(ISSUER)
                        .granting(Kind.MEMBER, Grant.FULL)
                        .valid("22000101000000Z", "22010101000000Z")
                        .forKey(key.getPublic()));
    }

    @Test
    void whatTheHolderOfATokenGrantsHimselfCountsForNothing() throws Exception {
        Grant loadBalancer = new Grant(Optional.of(Role.LOAD_BALANCER), Claims.UNLIMITED, Optional.empty());

        assertBelieved(
                TOKEN.grant(),
                Forge.by(TOKEN.issuer()).granting(Kind.MEMBER, Grant.FULL).forKey(key.getPublic()),
                TOKEN.certificate());
        assertBelieved(
                TOKEN.grant(),
                Forge.by(TOKEN.issuer()).granting(Kind.MEMBER, loadBalancer).forKey(key.getPublic()),
                TOKEN.certificate());
    }

    @Test
    void anAlteredTokenIsRefused() throws Exception {
        X509Certificate member = Forge.by(TOKEN.issuer()).forKey(key.getPublic());
        X509Certificate altered = Forge.altered(TOKEN.certificate(), "*.example.com", "*.another.com");

        assertThat(altered).isNotEqualTo(TOKEN.certificate());
        assertRefused(Reason.MALFORMED, key.getPrivate(), member, altered);
    }

    @Test
    void aTokenIsNoMember() throws Exception {
        PrivateKey tokenKey = TOKEN.issuer().key();

        assertRefused(Reason.MALFORMED, tokenKey, TOKEN.certificate());
        assertRefused(Reason.MALFORMED, tokenKey, TOKEN.certificate(), TOKEN.certificate());
    }

    @Test
    void aTokenMakesNoTokens() throws Exception {
        KeyPair second = P256.generate();
        X509Certificate secondToken =
                Forge.by(TOKEN.issuer()).granting(Kind.TOKEN, TOKEN.grant()).forKey(second.getPublic());
        X509Certificate posing = Forge.by(AUTHORITY.name(), TOKEN.issuer().key())
                .granting(Kind.TOKEN, TOKEN.grant())
                .forKey(second.getPublic());
        X509Certificate bySecond = Forge.by(secondToken.getSubjectX500Principal(), second.getPrivate())
                .forKey(key.getPublic());

        // Its issuer has the form of an authority's name, so that it looks like one of another cluster.
        assertRefused(Reason.OTHER_SECRET, key.getPrivate(), bySecond, secondToken);
        assertRefused(Reason.MALFORMED, key.getPrivate(), bySecond, posing);
        assertRefused(Reason.MALFORMED, second.getPrivate(), secondToken, TOKEN.certificate());
        assertRefused(Reason.MALFORMED, key.getPrivate(), bySecond, secondToken, TOKEN.certificate());
    }

    @Test
    void aMemberMakesNoMembers() throws Exception {
        KeyPair insider = P256.generate();
        X509Certificate full =
                Forge.by(ISSUER).granting(Kind.MEMBER, Grant.FULL).forKey(insider.getPublic());
        X509Certificate certified = ISSUER.issue(
                insider.getPublic(),
                Optional.of(new GrantExtension(
                        Kind.MEMBER, new Grant(Optional.of(Role.BACKEND), CLAIMS, Optional.empty()))));
        for (X509Certificate member : List.of(full, certified)) {
            X509Certificate under = Forge.by(member.getSubjectX500Principal(), insider.getPrivate())
                    .granting(Kind.MEMBER, Grant.FULL)
                    .forKey(key.getPublic());
            assertRefused(Reason.MALFORMED, key.getPrivate(), under, member);
        }
    }

    @Test
    void aMemberAndATokenOfDifferentOriginDoNotMakeAChain() throws Exception {
        JoinToken other = JoinToken.create(SECRET, Role.BACKEND, Claims.UNLIMITED, Instant.EPOCH);
        X509Certificate full =
                Forge.by(ISSUER).granting(Kind.MEMBER, Grant.FULL).forKey(key.getPublic());
        X509Certificate renamed =
                Forge.by(other.issuer().name(), TOKEN.issuer().key()).forKey(key.getPublic());

        assertRefused(Reason.MALFORMED, key.getPrivate(), full, TOKEN.certificate());
        X509Certificate misnamed =
                Forge.by(AUTHORITY.name(), TOKEN.issuer().key()).forKey(key.getPublic());

        assertRefused(Reason.MALFORMED, key.getPrivate(), renamed, other.certificate());
        assertRefused(Reason.MALFORMED, key.getPrivate(), misnamed, TOKEN.certificate());
        assertRefused(
                Reason.MALFORMED,
                key.getPrivate(),
                Forge.by(TOKEN.issuer()).forKey(key.getPublic()),
                other.certificate());
        assertRefused(
                Reason.OTHER_SECRET,
                key.getPrivate(),
                Forge.by(TOKEN.issuer()).granting(Kind.MEMBER, Grant.FULL).forKey(key.getPublic()));
    }

    @Test
    void whoSignsHimselfIsRefused() throws Exception {
        X500Principal ownName = CertificateWriter.name(Authority.shortFingerprint(key.getPublic()));

        assertRefused(
                Reason.OTHER_SECRET,
                key.getPrivate(),
                Forge.by(ownName, key.getPrivate())
                        .granting(Kind.MEMBER, Grant.FULL)
                        .forKey(key.getPublic()));
        assertRefused(
                Reason.MALFORMED,
                key.getPrivate(),
                Forge.by(AUTHORITY.name(), key.getPrivate())
                        .granting(Kind.MEMBER, Grant.FULL)
                        .forKey(key.getPublic()));
        assertRefused(
                Reason.MALFORMED,
                key.getPrivate(),
                Forge.by(CertificateWriter.name("www.example.com"), key.getPrivate())
                        .forKey(key.getPublic()));
    }

    @Test
    void theAnchorProvesNothing() throws Exception {
        X509Certificate full =
                Forge.by(ISSUER).granting(Kind.MEMBER, Grant.FULL).forKey(key.getPublic());

        assertRefused(Reason.MALFORMED, key.getPrivate(), full, AUTHORITY.anchor());
        assertThatThrownBy(() -> VERIFIER.verify(new X509Certificate[] {AUTHORITY.anchor()}))
                .isInstanceOf(TrustException.class);
    }

    @Test
    void keysAndSignaturesOfOtherKindsAreRefused() throws Exception {
        KeyPair rsa = Forge.rsa();
        KeyPair p384 = Forge.p384();

        assertRefused(
                Reason.MALFORMED,
                rsa.getPrivate(),
                Forge.by(AUTHORITY.name(), rsa.getPrivate())
                        .algorithm(Forge.RSA_SHA256)
                        .granting(Kind.MEMBER, Grant.FULL)
                        .forKey(rsa.getPublic()));
        assertRefused(
                Reason.MALFORMED,
                rsa.getPrivate(),
                Forge.by(ISSUER).granting(Kind.MEMBER, Grant.FULL).forKey(rsa.getPublic()));
        assertRefused(
                Reason.MALFORMED,
                p384.getPrivate(),
                Forge.by(ISSUER).granting(Kind.MEMBER, Grant.FULL).forKey(p384.getPublic()));
        assertRefused(
                Reason.MALFORMED, key.getPrivate(), Forge.by(ISSUER).version1().forKey(key.getPublic()));
    }

    @Test
    void whoShowsNoCertificateIsRefused() throws Exception {
        Handshake handshake =
                Handshake.between(new Rogue(key.getPrivate()).client(), MEMBER.serverEngine(Handshake.PROTOCOLS));

        assertThat(handshake.succeeded()).isFalse();
        assertThat(handshake.serverFailure()).isPresent();
        assertThatThrownBy(() -> VERIFIER.verify(new X509Certificate[0])).isInstanceOf(TrustException.class);
        assertThatThrownBy(() ->
                        MEMBER.proofOf(MEMBER.clientEngine(Handshake.PROTOCOLS).getSession()))
                .isInstanceOf(TrustException.class);
    }

    @Test
    void whoHasTheCertificateWithoutItsKeyIsRefused() throws Exception {
        X509Certificate stolen =
                Forge.by(ISSUER).granting(Kind.MEMBER, Grant.FULL).forKey(key.getPublic());
        Rogue thief = new Rogue(P256.generate().getPrivate(), stolen);

        assertThat(Handshake.between(thief.client(), MEMBER.serverEngine(Handshake.PROTOCOLS))
                        .serverFailure())
                .isPresent();
        assertThat(Handshake.between(MEMBER.clientEngine(Handshake.PROTOCOLS), thief.server())
                        .clientFailure())
                .isPresent();
    }

    @Test
    void aCertificateOfMoreThanEightKilobytesIsRefused() throws Exception {
        assertRefused(
                Reason.MALFORMED,
                key.getPrivate(),
                Forge.by(ISSUER)
                        .json("{\"v\":1,\"kind\":\"member\"}" + " ".repeat(GrantExtension.MAX_CERTIFICATE_BYTES))
                        .forKey(key.getPublic()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"kind\":\"member\"}",
                "{\"v\":\"1\",\"kind\":\"member\"}",
                "{\"v\":2,\"kind\":\"member\"}",
                "{\"v\":1}",
                "{\"v\":1,\"kind\":\"token\"}",
                "{\"v\":1,\"kind\":\"king\"}",
                "{\"v\":1,\"kind\":\"member\"}{}",
                "{\"v\":1,\"kind\":\"member\",\"kind\":\"member\"}",
                "{\"v\":1,\"kind\":\"member\",\"paths\":[\"/\"]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":\"backend\"}",
                "{\"v\":1,\"kind\":\"member\",\"domains\":[],\"ports\":[]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":\"backend\",\"domains\":[]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":\"king\",\"domains\":[],\"ports\":[]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":null,\"domains\":[],\"ports\":[]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":\"backend\",\"domains\":{},\"ports\":[]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":\"backend\",\"domains\":null,\"ports\":[]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":\"backend\",\"domains\":[\"UPPER.example\"],\"ports\":[]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":\"backend\",\"domains\":[\"*\"],\"ports\":[]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":\"backend\",\"domains\":[7],\"ports\":[]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":\"backend\",\"domains\":[],\"ports\":[443]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":\"backend\",\"domains\":[],\"ports\":[\"0\"]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":\"backend\",\"domains\":[],\"ports\":[\"70000\"]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":\"backend\",\"domains\":[],\"ports\":[\"9-1\"]}",
                "{\"v\":1,\"kind\":\"member\",\"role\":\"backend\",\"domains\":[],\"ports\":[],\"joins-until\":1}",
                "{\"v\":1,\"kind\":\"member\",\"a\":[[[[[[[[[[]]]]]]]]]]}"
            })
    void aGrantThatIsNotOneOfOursIsRefused(String json) throws Exception {
        X509Certificate certificate = Forge.by(ISSUER).json(json).forKey(key.getPublic());

        assertThatThrownBy(() -> VERIFIER.verify(new X509Certificate[] {certificate}))
                .isInstanceOfSatisfying(
                        TrustException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "\"1\"", "null", "253402300800", "99999999999999999999"})
    void anEndOfTimeThatIsNoneIsRefused(String until) throws Exception {
        X509Certificate token = Forge.by(ISSUER)
                .json("{\"v\":1,\"kind\":\"token\",\"role\":\"backend\",\"domains\":[],\"ports\":[],\"joins-until\":"
                        + until + "}")
                .forKey(key.getPublic());

        assertThatThrownBy(() -> VERIFIER.verifyToken(token)).isInstanceOf(TrustException.class);
    }

    private void assertBelieved(Grant grant, X509Certificate... chain) throws GeneralSecurityException {
        assertThat(VERIFIER.verify(chain).grant()).isEqualTo(grant);
        Rogue rogue = new Rogue(key.getPrivate(), chain);
        Handshake asClient = Handshake.between(rogue.client(), MEMBER.serverEngine(Handshake.PROTOCOLS));
        Handshake asServer = Handshake.between(MEMBER.clientEngine(Handshake.PROTOCOLS), rogue.server());
        assertThat(MEMBER.proofOf(asClient.server().getSession()).grant()).isEqualTo(grant);
        assertThat(MEMBER.proofOf(asServer.client().getSession()).grant()).isEqualTo(grant);
    }

    private static void assertRefused(Reason reason, PrivateKey key, X509Certificate... chain)
            throws GeneralSecurityException {
        assertThatThrownBy(() -> VERIFIER.verify(chain))
                .isInstanceOfSatisfying(
                        TrustException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        Rogue rogue = new Rogue(key, chain);
        assertThat(Handshake.between(rogue.client(), MEMBER.serverEngine(Handshake.PROTOCOLS))
                        .serverFailure())
                .hasValueSatisfying(failure -> assertThat(failure).hasCauseInstanceOf(TrustException.class));
        assertThat(Handshake.between(MEMBER.clientEngine(Handshake.PROTOCOLS), rogue.server())
                        .clientFailure())
                .hasValueSatisfying(failure -> assertThat(failure).hasCauseInstanceOf(TrustException.class));
    }
}
