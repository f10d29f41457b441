package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrimplb.app.certificates.EcKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What outlives the process, and what a disk that fails costs. */
class DiskTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private final SampleAuthority authority = new SampleAuthority();

    @Test
    void filesAndDirectoriesAreForTheirOwnerAlone() throws Exception {
        StateDirectory state = new StateDirectory(directory.resolve("a").resolve("b"));
        Files.createDirectories(state.path().getParent());

        state.write("key", "secret");
        state.write("key", "another");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.path())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(state.path().resolve("key"))))
                .isEqualTo("rw-------");
        assertThat(state.read("key")).contains("another");
        assertThat(state.names("")).containsExactly("key");
    }

    @Test
    void aFileThatCannotBeReplacedStaysAsItWas() throws Exception {
        StateDirectory state = new StateDirectory(directory);
        state.write("key", "old");
        // Nothing can be made under this name, as on a disk that is full.
        Files.createDirectories(directory.resolve("key.new").resolve("in the way"));

        assertThatThrownBy(() -> state.write("key", "new")).isInstanceOf(IOException.class);

        assertThat(state.read("key")).contains("old");
    }

    @Test
    void aCertificateSurvivesARestartWithItsKeyWildcardsToo() {
        CertificateStore store = new CertificateStore(new StateDirectory(directory));
        Vault vault = new Vault(store);
        for (String host : new String[] {"shop.example.com", "*.example.com"}) {
            vault.take(authority.issue(host, NOW, NOW.plusSeconds(60)), Set.of());
        }

        Vault again = new Vault(store);
        assertThat(again.load()).isEmpty();

        assertThat(again.all()).containsExactlyInAnyOrderElementsOf(vault.all());
        assertThat(again.certificate("*.example.com").orElseThrow().key())
                .isEqualTo(vault.certificate("*.example.com").orElseThrow().key());
    }

    @Test
    void aFileThatIsBrokenOrAnothersIsNamedAndTheRestIsRead() throws Exception {
        CertificateStore store = new CertificateStore(new StateDirectory(directory));
        Vault vault = new Vault(store);
        vault.take(authority.issue("good.example.com", NOW, NOW.plusSeconds(60)), Set.of());
        vault.take(authority.issue("cut.example.com", NOW, NOW.plusSeconds(60)), Set.of());
        Path cut = directory.resolve("cut.example.com.pem");
        Files.writeString(cut, Files.readString(cut).substring(0, 300));
        Files.copy(directory.resolve("good.example.com.pem"), directory.resolve("other.example.com.pem"));

        Vault again = new Vault(store);

        assertThat(again.load())
                .hasSize(2)
                .anyMatch(line -> line.contains("cut.example.com.pem is not used"))
                .anyMatch(line -> line.contains("it is not for other.example.com"))
                .noneMatch(line -> line.contains("BEGIN"));
        assertThat(again.all()).extracting(IssuedCertificate::host).containsExactly("good.example.com");
    }

    @Test
    void aDirectoryThatCannotBeWrittenLosesNothingThatServesAndSaysSo() throws Exception {
        Path blocked = Files.writeString(directory.resolve("file"), "in the way");
        CertificateStore store = new CertificateStore(new StateDirectory(blocked.resolve("below")));
        Vault vault = new Vault(store);

        assertThat(vault.take(authority.issue("shop.example.com", NOW, NOW.plusSeconds(60)), Set.of()))
                .isTrue();

        assertThat(vault.certificate("shop.example.com")).isPresent();
        assertThat(vault.diskProblem().orElseThrow())
                .contains("shop.example.com")
                .contains("lost with this process");
        Files.delete(blocked);
        vault.saveAgain();
        assertThat(vault.diskProblem()).isEmpty();
        Vault again = new Vault(store);
        again.load();
        assertThat(again.certificate("shop.example.com")).isPresent();
    }

    @Test
    void theLaterSignedCertificateWinsInWhateverOrderTheyCome() {
        IssuedCertificate early = authority.issue("shop.example.com", NOW.minusSeconds(60), NOW.plusSeconds(90));
        IssuedCertificate late = authority.issue("shop.example.com", NOW, NOW.plusSeconds(61));
        IssuedCertificate equal = authority.issue("shop.example.com", NOW, NOW.plusSeconds(61));
        for (IssuedCertificate[] come :
                new IssuedCertificate[][] {{early, late, equal}, {equal, late, early}, {late, equal, early}}) {
            Vault vault = new Vault(new CertificateStore(new StateDirectory(directory.resolve("x"))));
            for (IssuedCertificate one : come) {
                vault.take(one, Set.of());
            }
            IssuedCertificate expected = IssuedCertificate.BETTER.compare(late, equal) > 0 ? late : equal;
            assertThat(vault.certificate("shop.example.com")).contains(expected);
            // What lost is not asked for again.
            assertThat(vault.have()).contains(early.shortName(), late.shortName(), equal.shortName());
        }
    }

    @Test
    void whatNobodyWantsGoesAWeekAfterItsEnd() {
        Vault vault = new Vault(new CertificateStore(new StateDirectory(directory)));
        vault.take(authority.issue("shop.example.com", NOW, NOW.plusSeconds(60)), Set.of());

        vault.tidy(Set.of("shop.example.com"), NOW.plusSeconds(800_000));
        vault.tidy(Set.of(), NOW.plusSeconds(600_000));
        assertThat(directory.resolve("shop.example.com.pem")).exists();
        vault.tidy(Set.of(), NOW.plusSeconds(800_000));
        assertThat(vault.all()).isEmpty();
        assertThat(directory.resolve("shop.example.com.pem")).doesNotExist();
    }

    @Test
    void whenThereAreTooManyTheUnwantedOneThatEndsFirstGoes() {
        Vault vault = new Vault(new CertificateStore(new StateDirectory(directory)), 3);
        for (int i = 1; i <= 3; i++) {
            vault.take(authority.issue("h" + i + ".example.com", NOW, NOW.plusSeconds(100 * i)), Set.of());
        }
        Set<String> wanted = Set.of("h1.example.com", "own.example.com");

        IssuedCertificate early = authority.issue("early.example.com", NOW, NOW.plusSeconds(50));
        assertThat(vault.take(early, wanted)).isFalse();
        assertThat(vault.have()).as("not offered again").contains(early.shortName());
        assertThat(vault.take(authority.issue("own.example.com", NOW, NOW.plusSeconds(50)), wanted))
                .isTrue();

        assertThat(vault.all())
                .extracting(IssuedCertificate::host)
                .containsExactly("h1.example.com", "h3.example.com", "own.example.com");
        assertThat(directory.resolve("h2.example.com.pem")).doesNotExist();
    }

    @Test
    void namesOfCertificatesThatLostAreForgottenTheEldestFirst() {
        Vault vault = new Vault(new CertificateStore(new StateDirectory(directory)));
        IssuedCertificate here = authority.issue("shop.example.com", NOW, NOW.plusSeconds(60));
        vault.take(here, Set.of());
        List<String> losers = new ArrayList<>();
        for (int i = 1; i <= Vault.MAX_LOSERS + 1; i++) {
            IssuedCertificate older = authority.issue("shop.example.com", NOW.minusSeconds(i), NOW.plusSeconds(60));
            losers.add(older.shortName());
            vault.take(older, Set.of());
        }

        assertThat(vault.have()).first().isEqualTo(here.shortName());
        assertThat(vault.have()).hasSize(1 + Vault.MAX_LOSERS).doesNotContain(losers.get(0));
    }

    @Test
    void oneProcessAloneWritesAndAnotherSaysWhyItDoesNot() throws Exception {
        StateDirectory first = new StateDirectory(directory.resolve("x")).forThisProcessAlone();
        StateDirectory second = new StateDirectory(directory.resolve("x")).forThisProcessAlone();
        first.write("key", "first");

        Books books = new Books(second);
        assertThat(books.probe().orElseThrow()).contains("another process uses it");
        assertThatThrownBy(() -> second.below("certificates").write("key", "second"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> second.delete("key")).isInstanceOf(IOException.class);
        assertThat(second.read("key")).contains("first");

        first.close();
        assertThat(books.probe()).isEmpty();
    }

    @Test
    void aDirectoryThatIsThereIsClosedToOthersToo() throws Exception {
        Path there = Files.createDirectory(
                directory.resolve("there"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));

        new StateDirectory(there).write("key", "secret");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(there)))
                .isEqualTo("rwx------");
    }

    @Test
    void theKeyOfAnOrderIsForgottenWhenACertificateCameFromElsewhereOrNobodyWantsOne() {
        AcmeState state = new AcmeState(new StateDirectory(directory), Clock.fixed(NOW, ZoneOffset.UTC));
        state.wanted(new Wanted(new TreeSet<>(Set.of("a.example.com", "b.example.com")), new TreeMap<>()));
        for (String host : List.of("a.example.com", "b.example.com", "c.example.com")) {
            state.orderKeys().keep(host, "https://authority.example/1", EcKeys.generate());
        }

        state.take(authority.issue("a.example.com", NOW, NOW.plusSeconds(60)));
        state.tidy();

        assertThat(state.orderKeys().holds("a.example.com")).isFalse();
        assertThat(state.orderKeys().holds("b.example.com")).isTrue();
        assertThat(state.orderKeys().holds("c.example.com")).isFalse();
    }

    @Test
    void accountAndLedgerSurviveARestart() throws Exception {
        Books books = new Books(new StateDirectory(directory));
        Account account =
                new Account(URI.create("https://authority.example/acct/7").toURL(), EcKeys.generate(), NOW);
        Ledger ledger = new Ledger();
        ledger.ordered("shop.example.com", "https://authority.example/order/1", NOW);

        books.write(account);
        books.write(ledger);

        Account read = new Books(new StateDirectory(directory)).account().orElseThrow();
        assertThat(read.shortName()).isEqualTo(account.shortName());
        assertThat(read.location()).isEqualTo(account.location());
        assertThat(read.toString()).doesNotContain("rivate");
        Ledger same = new Ledger();
        books.readInto(same, NOW);
        assertThat(same.names()).isEqualTo(ledger.names());
    }

    @Test
    void anAccountThatCannotBeReadIsSetAsideAndNotReplaced() throws Exception {
        Path file = directory.resolve("account.json");
        for (String text : new String[] {"broken", "broken again"}) {
            Files.writeString(file, text);
            assertThat(new Books(new StateDirectory(directory)).account()).isEmpty();
            assertThat(file).doesNotExist();
        }
        assertThat(directory.resolve("account.json.unreadable")).hasContent("broken");
        assertThat(directory.resolve("account.json.unreadable-2")).hasContent("broken again");
    }

    @Test
    void whatCouldNotBeWrittenIsAProblemUntilItIsWritten() throws Exception {
        Path blocked = Files.writeString(directory.resolve("file"), "in the way");
        AcmeState state = new AcmeState(new StateDirectory(blocked.resolve("below")), Clock.fixed(NOW, ZoneOffset.UTC));
        Account account =
                new Account(URI.create("https://authority.example/acct/7").toURL(), EcKeys.generate(), NOW);
        state.takeAccount(account);
        state.ledger().ordered("shop.example.com", "https://authority.example/order/1", NOW);
        state.ledgerChanged();
        state.saveLedger();
        assertThat(state.books().problem()).isPresent();
        assertThat(state.books().probe()).isPresent();

        Files.delete(blocked);
        state.saveAgain();

        assertThat(state.books().probe()).isEmpty();
        assertThat(state.books().problem()).isEmpty();
        assertThat(blocked.resolve("below").resolve("probe")).doesNotExist();
        Books same = new Books(new StateDirectory(blocked.resolve("below")));
        Ledger ledger = new Ledger();
        same.readInto(ledger, NOW);
        assertThat(ledger.orders()).containsExactly(NOW);
        assertThat(same.account()).isPresent();
    }

    @Test
    void theUsualPlaceIsTheServiceManagersThenTheSystemsThenTheUsers() throws Exception {
        Path systems = directory.resolve("scrimplb");
        Map<String, String> user = Map.of("HOME", "/home/me");

        assertThat(StateDirectory.usual(Map.of("STATE_DIRECTORY", "/var/lib/a:/var/lib/b"), systems))
                .isEqualTo(Path.of("/var/lib/a"));
        assertThat(StateDirectory.usual(user, systems)).isEqualTo(systems);
        assertThat(StateDirectory.usual(user, Path.of("/proc/none/scrimplb")))
                .isEqualTo(Path.of("/home/me/.local/state/scrimplb"));
        assertThat(StateDirectory.usual(Map.of("XDG_STATE_HOME", "/x"), Path.of("/proc/none/scrimplb")))
                .isEqualTo(Path.of("/x/scrimplb"));
    }
}
