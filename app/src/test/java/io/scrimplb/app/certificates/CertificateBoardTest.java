package io.scrimplb.app.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.ChallengeSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CertificateBoardTest {
    private final TestAuthority authority = TestAuthority.root("root");
    private final CertificateBoard board = new CertificateBoard(Clock.systemUTC());

    private CertificateSpec certificate(String host) {
        TestAuthority.Issued issued = authority.issue(host);
        return new CertificateSpec(host, issued.chain(), issued.pair().getPrivate());
    }

    @Test
    void filesComeBeforeIssuedOnesWhoeverCameFirst() {
        CertificateSpec file = certificate("file.test");
        CertificateSpec issued = certificate("acme.test");
        board.replace(CertificateOrigin.ACME, List.of(CertificateEntry.of(issued)));
        board.replace(CertificateOrigin.FILE, List.of(CertificateEntry.of(file)));
        assertThat(board.material().certificates()).containsExactly(file, issued);
    }

    private CertificateSpec certificateFor(Duration left, String... hosts) {
        TestAuthority.Issued issued = authority.issueFor(left, hosts);
        return new CertificateSpec(hosts[0], issued.chain(), issued.pair().getPrivate());
    }

    private void show(CertificateOrigin origin, CertificateSpec... certificates) {
        board.replace(
                origin, Arrays.stream(certificates).map(CertificateEntry::of).toList());
    }

    @Test
    void anExpiredCertificateGivesWayToValidOnesForAllItsNames() {
        CertificateSpec expired = certificateFor(Duration.ofHours(-1), "a.test", "b.test");
        show(CertificateOrigin.FILE, expired);
        assertThat(board.material().certificates()).containsExactly(expired);

        CertificateSpec one = certificate("A.test");
        show(CertificateOrigin.ACME, one);
        // Nobody else is for b.test; where somebody is, the expired one comes after it.
        assertThat(board.material().certificates()).containsExactly(one, expired);

        CertificateSpec wide = certificate("*.test");
        show(CertificateOrigin.ACME, wide);
        assertThat(board.material().certificates()).containsExactly(wide);
        assertThat(board.status()).hasSize(2);

        show(CertificateOrigin.ACME, certificateFor(Duration.ofHours(-2), "a.test", "b.test"));
        assertThat(board.material().certificates()).hasSize(2).first().isEqualTo(expired);
    }

    @Test
    void anExpiredCertificateWithoutNamesStaysTheLastResort() {
        CertificateSpec valid = certificate("a.test");
        TestAuthority.Issued issued = TestAuthority.nameless(Duration.ofHours(-1));
        CertificateSpec nameless =
                new CertificateSpec("nameless", issued.chain(), issued.pair().getPrivate());
        show(CertificateOrigin.FILE, nameless, valid);
        assertThat(board.material().certificates()).containsExactly(valid, nameless);
    }

    @Test
    void aCertificateThatExpiresMeanwhileGivesWayAtTheNextLook() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        CertificateBoard watched = new CertificateBoard(new Clock() {
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
                return now.get();
            }
        });
        List<TlsMaterial> told = new ArrayList<>();
        watched.listen(told::add);
        CertificateSpec file = certificateFor(Duration.ofHours(1), "a.test");
        CertificateSpec issued = certificateFor(Duration.ofDays(10), "a.test");
        watched.replace(CertificateOrigin.ACME, List.of(CertificateEntry.of(issued)));
        watched.replace(CertificateOrigin.FILE, List.of(CertificateEntry.of(file)));
        assertThat(told.get(told.size() - 1).certificates()).containsExactly(file, issued);

        now.set(now.get().plus(Duration.ofHours(2)));
        watched.replace(CertificateOrigin.FILE, List.of(CertificateEntry.of(file)));
        assertThat(told).hasSize(4);
        assertThat(told.get(3).certificates()).containsExactly(issued);
    }

    @Test
    void onlyWhatChangesAnythingForClientsIsTold() {
        List<TlsMaterial> told = new ArrayList<>();
        board.listen(told::add);
        assertThat(told).hasSize(1);
        board.replace(CertificateOrigin.ACME, List.of(CertificateEntry.missing("a.test", "does not resolve")));
        assertThat(told).hasSize(1);
        assertThat(board.status().get(0).problem()).contains("does not resolve");

        CertificateSpec issued = certificate("a.test");
        board.replace(CertificateOrigin.ACME, List.of(CertificateEntry.of(issued)));
        board.challenges(List.of(new ChallengeSpec.Http("token", "content")));
        board.challenges(List.of(new ChallengeSpec.Http("token", "content")));
        assertThat(told).hasSize(3);
        assertThat(told.get(2).challenges()).hasSize(1);
        assertThat(told.get(2).certificates()).containsExactly(issued);
    }

    @Test
    void theSelfSignedCertificateIsMadeOnceAndShownWhileThereIsNoOther() throws Exception {
        assertThat(board.status()).isEmpty();
        CertificateSpec made = board.material().fallback().get();
        assertThat(board.material().fallback().get()).isSameAs(made);
        made.chain().get(0).verify(made.chain().get(0).getPublicKey());
        made.chain().get(0).checkValidity();
        assertThat(PrivateKeys.belongTogether(made.key(), made.chain().get(0).getPublicKey()))
                .isTrue();
        assertThat(board.status()).singleElement().satisfies(status -> {
            assertThat(status.origin()).isEqualTo(CertificateOrigin.SELF_SIGNED);
            assertThat(status.hosts()).containsExactly("localhost");
            assertThat(status.notAfter()).isAfter(Instant.now());
        });

        board.replace(CertificateOrigin.FILE, List.of(CertificateEntry.of(certificate("a.test"))));
        assertThat(board.status()).extracting(CertificateStatus::origin).containsExactly(CertificateOrigin.FILE);
    }

    @Test
    void nothingShowsAKey() {
        CertificateSpec made = board.material().fallback().get();
        assertThat(CertificateEntry.of(made).toString() + board.material())
                .doesNotContain(String.valueOf(made.key()))
                .doesNotContain("java.security");
    }
}
