package io.scrimplb.membership.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResumptionTest {
    private static final ClusterSecret SECRET = ClusterSecret.generate();

    @Test
    void aClientThatWouldResumeHasToProveItselfEachTime() throws Exception {
        KeyPair key = P256.generate();
        Rogue client = new Rogue(key.getPrivate(), member(key));
        Credentials server = Credentials.of(SECRET, null);

        for (int i = 1; i <= 3; i++) {
            Handshake handshake = Handshake.between(client.client(), server.serverEngine(Handshake.PROTOCOLS));

            assertThat(handshake.succeeded()).isTrue();
            assertThat(client.checks())
                    .as("times the server showed its certificate")
                    .isEqualTo(i);
            assertThat(server.proofOf(handshake.server().getSession()).memberId())
                    .isEqualTo(ChainVerifier.memberId(key.getPublic()));
        }
    }

    @Test
    void aServerThatOffersToResumeIsAskedForItsCertificateEachTime() throws Exception {
        KeyPair key = P256.generate();
        Rogue server = new Rogue(key.getPrivate(), member(key));
        Credentials client = Credentials.of(SECRET, null);

        for (int i = 1; i <= 3; i++) {
            Handshake handshake = Handshake.between(client.clientEngine(Handshake.PROTOCOLS), server.server());

            assertThat(handshake.succeeded()).isTrue();
            assertThat(server.checks())
                    .as("times the client showed its certificate")
                    .isEqualTo(i);
        }
    }

    @Test
    void aTicketFromElsewhereSparesNoProof() throws Exception {
        KeyPair key = P256.generate();
        Rogue client = new Rogue(key.getPrivate(), member(key));
        Rogue elsewhere = new Rogue(key.getPrivate(), member(key));
        Credentials server = Credentials.of(SECRET, null);
        assertThat(Handshake.between(client.client(), elsewhere.server()).succeeded())
                .isTrue();

        Handshake handshake = Handshake.between(client.client(), server.serverEngine(Handshake.PROTOCOLS));

        assertThat(client.checks()).isEqualTo(2);
        assertThat(server.proofOf(handshake.server().getSession()).grant()).isEqualTo(Grant.FULL);
    }

    /** What the others would not show if it could not happen. */
    @Test
    void twoEndsThatWantToResumeDo() throws Exception {
        KeyPair key = P256.generate();
        Rogue client = new Rogue(key.getPrivate(), member(key));
        Rogue server = new Rogue(key.getPrivate(), member(key));

        for (int i = 1; i <= 3; i++) {
            assertThat(Handshake.between(client.client(), server.server()).succeeded())
                    .isTrue();
        }

        assertThat(client.checks()).isEqualTo(1);
    }

    private static X509Certificate member(KeyPair key) {
        KeyPair authority = Issuer.authorityKey(SECRET);
        return new Issuer(Authority.of(authority.getPublic()).name(), authority.getPrivate())
                .issue(key.getPublic(), Optional.of(new GrantExtension(GrantExtension.Kind.MEMBER, Grant.FULL)));
    }
}
