package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.app.certificates.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The decisions of the watcher under a clock that the test turns. */
class DirectoryScanTest {
    private static final String GOOD = "{\"name\": \"a\", \"application-port\": 1}";
    private static final String BETTER = "{\"name\": \"a\", \"application-port\": 2}";
    private static final String BAD = "{\"name\": \"a\", \"appl";

    private static final TestAuthority OLD = TestAuthority.root("old");
    private static final TestAuthority NEW = TestAuthority.root("new");

    @TempDir
    Path directory;

    private final TurnedClock clock = new TurnedClock();
    private DirectoryScan scan;

    @BeforeEach
    void scanned() {
        scan = new DirectoryScan(new ApplicationDirectory(directory, Map.of()), clock);
    }

    @Test
    void aFaultThatIsThereAtTheStartIsToldAtOnce() throws Exception {
        write(BAD);

        assertThat(scan.scan().problems()).hasSize(1);
    }

    @Test
    void aHalfWrittenFileIsNoFaultUntilItHasStoodStill() throws Exception {
        scan.scan();
        write(BAD);

        assertThat(scan.scan().problems()).isEmpty();
        assertThat(scan.isUnsettled()).isTrue();

        clock.turn(DirectoryScan.SETTLE);
        assertThat(scan.scan().problems()).hasSize(1);
        assertThat(scan.isUnsettled()).isFalse();
    }

    @Test
    void aHalfWrittenFileThatIsFinishedWasNeverAFault() throws Exception {
        scan.scan();
        write(BAD);
        scan.scan();
        clock.turn(DirectoryScan.SETTLE.minusMillis(1));
        write(GOOD);

        assertThat(scan.scan()).satisfies(reading -> {
            assertThat(reading.problems()).isEmpty();
            assertThat(ports(reading)).containsExactly(1);
        });
    }

    @Test
    void aFileThatGrowsSlowlyIsGivenTimeAfterEachStep() throws Exception {
        scan.scan();
        write("{\"na");
        scan.scan();
        clock.turn(DirectoryScan.SETTLE.minusMillis(1));
        write(BAD);
        scan.scan();
        clock.turn(DirectoryScan.SETTLE.minusMillis(1));

        assertThat(scan.scan().problems()).isEmpty();
    }

    @Test
    void aGoodFileThatTurnsBadStaysInForceAndIsReported() throws Exception {
        write(GOOD);
        scan.scan();
        write(BAD);
        scan.scan();
        clock.turn(DirectoryScan.SETTLE);

        ApplicationDirectory.Reading reading = scan.scan();

        assertThat(ports(reading)).containsExactly(1);
        assertThat(reading.problems())
                .hasSize(2)
                .last()
                .satisfies(problem -> assertThat(problem.message())
                        .isEqualTo("its last good content stays in force until it is mended"));
        clock.turn(Duration.ofMinutes(1));
        assertThat(scan.scan()).isEqualTo(reading);
    }

    @Test
    void aRemovedFileIsGoneAtOnceEvenWhenItWasBad() throws Exception {
        write(GOOD);
        scan.scan();
        write(BAD);
        scan.scan();
        Files.delete(file());

        assertThat(scan.scan().applications()).isEmpty();
    }

    @Test
    void aChangeWithinTheGrainOfTheFileSystemsClockIsSeen() throws Exception {
        write(GOOD);
        FileTime time = FileTime.from(clock.instant());
        Files.setLastModifiedTime(file(), time);
        scan.scan();
        write(BETTER);
        Files.setLastModifiedTime(file(), time);

        assertThat(ports(scan.scan())).containsExactly(2);
    }

    @Test
    void aDirectoryThatCannotBeListedKeepsItsApplications() throws Exception {
        Path apps = Files.createDirectory(directory.resolve("apps.d"));
        scan = new DirectoryScan(new ApplicationDirectory(apps, Map.of()), clock);
        Files.writeString(apps.resolve("a.scrimp.json"), GOOD);
        scan.scan();
        Files.delete(apps.resolve("a.scrimp.json"));
        Files.delete(apps);
        Files.writeString(apps, "a file where the directory was");

        ApplicationDirectory.Reading reading = scan.scan();

        assertThat(ports(reading)).containsExactly(1);
        assertThat(reading.problems()).hasSize(1);
    }

    @Test
    void aDirectoryThatIsAwayForAMomentKeepsItsApplications() throws Exception {
        Path apps = appsWithOneFile();
        ApplicationDirectory.Reading before = scan.scan();
        Path aside = Files.move(apps, directory.resolve("aside"));

        assertThat(scan.scan()).isEqualTo(before);
        clock.turn(DirectoryScan.AWAY.minusMillis(1));
        assertThat(scan.scan()).isEqualTo(before);
        Files.move(aside, apps);
        assertThat(scan.scan()).isEqualTo(before);
        // The time counts anew the next time.
        Files.move(apps, aside);
        assertThat(scan.scan()).isEqualTo(before);
    }

    @Test
    void aDirectoryThatStaysAwayTakesItsApplicationsWithIt() throws Exception {
        Path apps = appsWithOneFile();
        scan.scan();
        Files.move(apps, directory.resolve("aside"));
        scan.scan();
        clock.turn(DirectoryScan.AWAY);

        ApplicationDirectory.Reading reading = scan.scan();

        assertThat(reading.applications()).isEmpty();
        assertThat(reading.problems()).hasSize(1);
    }

    @Test
    void anEmptyDirectoryInItsPlaceIsTakenForAMountThatIsGoneForAMoment() throws Exception {
        Path apps = appsWithOneFile();
        ApplicationDirectory.Reading before = scan.scan();
        Files.move(apps, directory.resolve("aside"));
        Files.createDirectory(apps);

        assertThat(scan.scan()).isEqualTo(before);
        clock.turn(DirectoryScan.AWAY);
        assertThat(scan.scan().applications()).isEmpty();
    }

    @Test
    void anAuthorityFileThatIsReplacedIsReadAgainWhereverItLies() throws Exception {
        Path ca = writeWithAuthority(TestAuthority.pem(OLD.certificate()));
        String before = authorities(scan.scan());
        clock.turn(Duration.ofHours(1));
        TestAuthority.replace(ca, TestAuthority.pem(NEW.certificate()));

        assertThat(authorities(scan.scan())).contains("BEGIN CERTIFICATE").isNotEqualTo(before);
    }

    @Test
    void anAuthorityFileThatTurnsBadLeavesTheLastOneInForceUntilItIsMended() throws Exception {
        Path ca = writeWithAuthority(TestAuthority.pem(OLD.certificate()));
        String before = authorities(scan.scan());
        clock.turn(Duration.ofHours(1));
        TestAuthority.replace(ca, "nothing");
        scan.scan();
        clock.turn(Duration.ofHours(1));

        ApplicationDirectory.Reading bad = scan.scan();
        assertThat(bad.problems()).hasSize(2);
        assertThat(authorities(bad)).isEqualTo(before);
        TestAuthority.replace(ca, TestAuthority.pem(NEW.certificate()));
        assertThat(scan.scan().problems()).isEmpty();
        assertThat(authorities(scan.scan())).isNotEqualTo(before);
    }

    /** The file of the application, and the one that it names in a directory of its own. */
    private Path writeWithAuthority(String pem) throws IOException {
        Path ca = Files.createDirectory(directory.resolve("ssl")).resolve("ca.pem");
        TestAuthority.replace(ca, pem);
        write("{\"name\": \"a\", \"application-port\": 1, \"protocol\": \"https\", \"backend-tls\": {\"ca\": \"" + ca
                + "\"}}");
        return ca;
    }

    private static String authorities(ApplicationDirectory.Reading reading) {
        return reading.applications().get(0).options().backendTls().ca();
    }

    private Path appsWithOneFile() throws Exception {
        Path apps = Files.createDirectory(directory.resolve("apps.d"));
        scan = new DirectoryScan(new ApplicationDirectory(apps, Map.of()), clock);
        Files.writeString(apps.resolve("a.scrimp.json"), GOOD);
        return apps;
    }

    private static List<Integer> ports(ApplicationDirectory.Reading reading) {
        return reading.applications().stream()
                .map(ApplicationConfig::applicationPort)
                .toList();
    }

    private Path file() {
        return directory.resolve("a.scrimp.json");
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text);
    }

    /** Stands still until it is turned. */
    private static final class TurnedClock extends Clock {
        private Instant now = Instant.now();

        void turn(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
