package io.scrimplb.app.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.ChallengeSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
