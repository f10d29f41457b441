package io.scrimplb.membership.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random changes of what is right, from a fixed seed: the declared exceptions, and nothing more granted than before. */
class RandomInputTest {
    private static final int ROUNDS = 2000;
    private static final ClusterSecret SECRET = ClusterSecret.generate();
    private static final KeyPair AUTHORITY_KEY = Issuer.authorityKey(SECRET);
    private static final Authority AUTHORITY = Authority.of(AUTHORITY_KEY.getPublic());
    private static final ChainVerifier VERIFIER = new ChainVerifier(List.of(AUTHORITY));
    private static final JoinToken TOKEN = JoinToken.create(
            SECRET,
            Role.BACKEND,
            new Claims(
                    List.of("*.example.com", "a.example"), List.of(new PortRange(443, 443), new PortRange(8000, 8999))),
            Instant.parse("2100-01-01T00:00:00Z"));

    private final Random random = new Random(4);

    @Test
    void changedCertificatesProveNothingElse() throws Exception {
        KeyPair key = P256.generate();
        byte[] member = new Issuer(AUTHORITY.name(), AUTHORITY_KEY.getPrivate())
                .issue(key.getPublic(), Optional.of(new GrantExtension(GrantExtension.Kind.MEMBER, Grant.FULL)))
                .getEncoded();
        byte[] underToken =
                TOKEN.issuer().issue(key.getPublic(), Optional.empty()).getEncoded();
        byte[] token = TOKEN.certificate().getEncoded();
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            boolean byToken = random.nextBoolean();
            byte[][] chain = byToken ? new byte[][] {underToken, token} : new byte[][] {member};
            int which = random.nextInt(chain.length);
            byte[] right = chain[which];
            byte[] changed = changed(right);
            if (Arrays.equals(changed, right)) {
                continue;
            }
            chain[which] = changed;
            Optional<X509Certificate[]> parsed = parse(chain);
            if (parsed.isPresent()) {
                read++;
                try {
                    VERIFIER.verify(parsed.get());
                    // The same signature may be written in more ways than one; what it signs may not.
                    assertThat(parsed.get()[which].getTBSCertificate())
                            .isEqualTo(CertificateWriter.read(right).getTBSCertificate());
                } catch (TrustException e) {
                    assertThat(e).hasMessageNotContaining("\n");
                }
            }
        }
        assertThat(read).as("changed certificates that were still certificates").isGreaterThan(ROUNDS / 10);
    }

    @Test
    void nothingElseThanWhatWasCertifiedIsAdopted() throws Exception {
        Credentials backend = Credentials.of(TOKEN);
        Credentials balancer = Credentials.of(SECRET, null);
        Proof proof =
                balancer.proofOf(Handshake.between(backend, balancer).server().getSession());
        byte[] right = balancer.certify(proof);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] changed = i % 4 == 0 ? randomBytes(random.nextInt(600)) : changed(right);
            if (adopts(backend, changed)) {
                assertThat(CertificateWriter.read(changed).getTBSCertificate())
                        .isEqualTo(CertificateWriter.read(right).getTBSCertificate());
            }
        }
        assertThat(adopts(backend, right)).isTrue();
    }

    @Test
    void changedGrantsAreReadOrRefused() throws Exception {
        String right = "{\"v\":1,\"kind\":\"token\",\"role\":\"backend\",\"domains\":[\"*.example.com\"],"
                + "\"ports\":[\"443\",\"8000-8999\"],\"joins-until\":4102444800}";
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] changed = changed(right.getBytes(StandardCharsets.UTF_8));
            byte[] content = random.nextInt(8) == 0
                    ? changed
                    : DerWriter.bytesOf(writer -> writer.value(DerWriter.UTF8_STRING, changed));
            X509Certificate certificate = Forge.by(AUTHORITY.name(), AUTHORITY_KEY.getPrivate())
                    .extension(content)
                    .unsignedForKey(AUTHORITY.key());
            try {
                GrantExtension extension = GrantExtension.of(certificate).orElseThrow();
                assertThat(GrantExtension.broken(extension.grant().claims())).isEmpty();
                read++;
            } catch (TrustException e) {
                assertThat(e.reason()).isEqualTo(TrustException.Reason.MALFORMED);
            }
        }
        assertThat(read).as("changed grants that were still grants").isBetween(1, ROUNDS / 2);
    }

    @Test
    void changedTokensGrantNothingElse() {
        byte[] payload = JoinTokenTest.payload(TOKEN);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] changed = changed(payload);
            String text = i % 3 == 0
                    ? new String(
                            changed(TOKEN.reveal().getBytes(StandardCharsets.US_ASCII)), StandardCharsets.ISO_8859_1)
                    : JoinToken.encode(changed);
            try {
                assertThat(JoinToken.parse(text).grant()).isEqualTo(TOKEN.grant());
            } catch (SecretException e) {
                assertThat(e).hasMessageStartingWith("join-token: ");
            }
        }
    }

    @Test
    void randomTextsAreSecretsOrRefused() {
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? ClusterSecret.PREFIX : "");
            random.ints(random.nextInt(60), 0, random.nextBoolean() ? 0x80 : 0x10000)
                    .forEach(c -> text.append((char) c));
            assertThatCode(() -> {
                        try {
                            ClusterSecret.parse(text.toString(), random.nextBoolean());
                        } catch (SecretException e) {
                            assertThat(e).hasMessageStartingWith("cluster-secret: ");
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }

    private byte[] changed(byte[] bytes) {
        byte[] changed = bytes.clone();
        switch (random.nextInt(6)) {
            case 0 -> changed = Arrays.copyOf(changed, random.nextInt(changed.length));
            case 1 -> changed = Arrays.copyOf(changed, changed.length + 1 + random.nextInt(8));
            case 2 -> {
                int from = random.nextInt(changed.length);
                int length = random.nextInt(Math.min(16, changed.length - from) + 1);
                System.arraycopy(randomBytes(length), 0, changed, from, length);
            }
            default -> {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return changed;
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Optional<X509Certificate[]> parse(byte[][] chain) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (byte[] der : chain) {
                certificates.add(CertificateWriter.read(der));
            }
        } catch (CertificateException e) {
            return Optional.empty();
        }
        return Optional.of(certificates.toArray(X509Certificate[]::new));
    }

    private static boolean adopts(Credentials backend, byte[] certificate) {
        try {
            backend.adopt(certificate);
            return true;
        } catch (TrustException e) {
            return false;
        }
    }
}
