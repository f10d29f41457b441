package io.scrimplb.app.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.spec.CertificateSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CertificateFollowerTest {
    private static final Duration LOOK = Duration.ofMillis(20);
    /** Many looks. */
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final TestAuthority authority = TestAuthority.root("root");
    private final TestAuthority.Issued first = authority.issue("a.example.com");
    private final TestAuthority.Issued second = authority.issue("a.example.com");
    private final CertificateBoard board = new CertificateBoard(Clock.systemUTC());
    private final CertificateFollower follower = new CertificateFollower(board, LOOK);
    /** The leaf in force after each change. */
    private final List<Optional<X509Certificate>> told = new CopyOnWriteArrayList<>();

    private Path chain;
    private Path key;

    @BeforeEach
    void files() {
        chain = directory.resolve("chain.pem");
        key = directory.resolve("key.pem");
        board.listen(material -> told.add(leaf(material)));
        told.clear();
    }

    @AfterEach
    void close() {
        follower.close();
    }

    private static Optional<X509Certificate> leaf(TlsMaterial material) {
        return material.certificates().stream()
                .findFirst()
                .map(CertificateSpec::chain)
                .map(chain -> chain.get(0));
    }

    private void follow() {
        follower.follow(List.of(new CertificateFile(chain, key)));
    }

    private void awaitLeaf(X509Certificate leaf) {
        await().atMost(SOON).until(() -> leaf(board.material()).equals(Optional.of(leaf)));
    }

    private String problem() {
        return board.status().get(0).problem().orElse("");
    }

    private void awaitProblem(String words) {
        await().atMost(SOON).until(() -> problem().contains(words));
    }

    @Test
    void aReplacedCertificateIsInForceSoonAndNeverMissingMeanwhile() throws IOException {
        first.write(chain, key);
        follow();
        assertThat(leaf(board.material())).contains(first.leaf());

        second.write(chain, key);
        awaitLeaf(second.leaf());

        assertThat(told).containsExactly(Optional.of(first.leaf()), Optional.of(second.leaf()));
    }

    @Test
    void aChainWithoutItsKeyYetKeepsThePairThatFits() throws IOException {
        first.write(chain, key);
        follow();
        Files.writeString(chain, second.chainPem());
        // Seen twice, it is no longer taken for one that is being written.
        awaitProblem("holds no certificate that the key");
        assertThat(leaf(board.material())).contains(first.leaf());

        Files.writeString(key, second.keyPem());
        awaitLeaf(second.leaf());
        assertThat(board.status().get(0).problem()).isEmpty();
    }

    @Test
    void aBrokenFileKeepsTheCertificateAndMendsItself() throws IOException {
        first.write(chain, key);
        follow();
        Files.writeString(chain, first.chainPem().substring(0, 200));
        awaitProblem("does not end");
        Files.delete(chain);
        awaitProblem("no such file");
        Files.createDirectory(chain);
        awaitProblem("is a directory");
        assertThat(leaf(board.material())).contains(first.leaf());

        Files.delete(chain);
        Files.writeString(chain, first.chainPem());
        await().atMost(SOON).until(() -> problem().isEmpty());
        assertThat(told).containsExactly(Optional.of(first.leaf()));
    }

    @Test
    void aFileThatIsTouchedIsNoChange() throws IOException {
        first.write(chain, key);
        follow();
        told.clear();
        first.write(chain, key);
        Files.setLastModifiedTime(key, FileTime.fromMillis(0));
        follow();
        assertThat(told).isEmpty();
    }

    @Test
    void aDirectoryThatIsSwappedByALinkIsFollowedAsKubernetesSwapsIt() throws IOException {
        Path one = Files.createDirectory(directory.resolve("..one"));
        Path two = Files.createDirectory(directory.resolve("..two"));
        first.write(one.resolve("tls.crt"), one.resolve("tls.key"));
        second.write(two.resolve("tls.crt"), two.resolve("tls.key"));
        Path data = Files.createSymbolicLink(directory.resolve("..data"), one.getFileName());
        chain = Files.createSymbolicLink(directory.resolve("tls.crt"), Path.of("..data", "tls.crt"));
        key = Files.createSymbolicLink(directory.resolve("tls.key"), Path.of("..data", "tls.key"));
        follow();
        assertThat(leaf(board.material())).contains(first.leaf());

        Path fresh = Files.createSymbolicLink(directory.resolve("..data_tmp"), two.getFileName());
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
        awaitLeaf(second.leaf());
    }

    @Test
    void aFileThatIsMissingAtTheStartIsUsedOnceItIsThere() throws IOException {
        follow();
        assertThat(board.material().certificates()).isEmpty();
        assertThat(problem()).contains("no such file");
        first.write(chain, key);
        awaitLeaf(first.leaf());
    }

    @Test
    void oneFileMayHoldBoth() throws IOException {
        key = chain;
        Files.writeString(chain, first.keyPem() + first.chainPem());
        follow();
        assertThat(leaf(board.material())).contains(first.leaf());
    }

    @Test
    void anotherListOfFilesTakesThePlaceOfTheFormer() throws IOException {
        first.write(chain, key);
        follow();
        follower.follow(List.of());
        assertThat(board.material().certificates()).isEmpty();
        assertThat(board.status()).isEmpty();
    }

    @Test
    void datesThatAreOverOrNearTheirEndAreShown() throws IOException {
        authority.issueFor(Duration.ofHours(1), "a.example.com").write(chain, key);
        follow();
        assertThat(problem()).startsWith("expires at ");
        authority.issueFor(Duration.ofHours(-1), "a.example.com").write(chain, key);
        follow();
        assertThat(problem()).startsWith("expired at ");
        assertThat(board.material().certificates()).hasSize(1);
        authority.issueFor(Duration.ofDays(50), "a.example.com").write(chain, key);
        follow();
        assertThat(problem()).isEmpty();
    }

    @Test
    void withoutAnyFileTheEndOfOthersIsToldToo() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            follower.follow(List.of());
            TestAuthority.Issued issued = authority.issueFor(Duration.ofHours(1), "late.example.com");
            board.replace(
                    CertificateOrigin.ACME,
                    List.of(CertificateEntry.of(new CertificateSpec(
                            "late.example.com", issued.chain(), issued.pair().getPrivate()))));
            await().atMost(SOON)
                    .until(() ->
                            log.toString(StandardCharsets.UTF_8).contains("certificate late.example.com: expires at"));
        } finally {
            System.setErr(before);
        }
    }
}
