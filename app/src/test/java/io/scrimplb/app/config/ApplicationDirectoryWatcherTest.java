package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.app.config.ApplicationDirectory.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real files and the real clock; a change is told within two seconds, the tests allow more for a busy machine. */
@Timeout(60)
class ApplicationDirectoryWatcherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @TempDir
    Path directory;

    private final List<Reading> told = new CopyOnWriteArrayList<>();
    private ApplicationDirectoryWatcher watcher;

    @AfterEach
    void close() {
        watcher.close();
    }

    @Test
    void tellsWhatIsThereBeforeItReturns() throws Exception {
        write("a.scrimp.json", "a", 1);

        watch(directory);

        assertThat(told).hasSize(1);
        assertThat(names()).containsExactly("a");
    }

    @Test
    void tellsOfAFileAddedChangedAndRemoved() throws Exception {
        watch(directory);

        write("a.scrimp.json", "a", 1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).containsExactly("a"));
        write("a.scrimp.json", "b", 2);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).containsExactly("b"));
        Files.delete(directory.resolve("a.scrimp.json"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).isEmpty());
        assertThat(told).hasSize(4);
    }

    @Test
    void tellsOfAnAtomicRename() throws Exception {
        write("a.scrimp.json", "a", 1);
        watch(directory);

        write("a.tmp", "b", 2);
        Files.move(directory.resolve("a.tmp"), directory.resolve("a.scrimp.json"), StandardCopyOption.ATOMIC_MOVE);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).containsExactly("b"));
    }

    @Test
    void tellsOfABadFileOnceAndKeepsTheOthers() throws Exception {
        write("a.scrimp.json", "a", 1);
        watch(directory);

        Files.writeString(directory.resolve("b.scrimp.json"), "{");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(last().problems()).hasSize(1));
        assertThat(names()).containsExactly("a");
        assertThat(told).hasSize(2);
    }

    @Test
    void aTouchAloneIsNoChange() throws Exception {
        write("a.scrimp.json", "a", 1);
        watch(directory);

        Files.setLastModifiedTime(
                directory.resolve("a.scrimp.json"), FileTime.from(Instant.now().minusSeconds(60)));
        write("b.scrimp.json", "b", 2);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).containsExactly("a", "b"));
        assertThat(told).hasSize(2);
    }

    @Test
    void followsADirectoryThatComesLaterGoesAndComesBack() throws Exception {
        Path later = directory.resolve("apps.d");
        watch(later);
        assertThat(last().problems()).hasSize(1);

        for (int i = 0; i < 2; i++) {
            Files.createDirectory(later);
            Files.writeString(later.resolve("a.scrimp.json"), application("a", 1));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).containsExactly("a"));
            Files.delete(later.resolve("a.scrimp.json"));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).isEmpty());
            Files.delete(later);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(last().problems()).hasSize(1));
        }
    }

    @Test
    void aConsumerThatFailsIsCalledAgainForTheNextChange() throws Exception {
        watcher = ApplicationDirectoryWatcher.start(directory, Map.of(), reading -> {
            told.add(reading);
            if (reading.applications().size() == 1) {
                throw new IllegalStateException("deliberate, in a test");
            }
        });

        write("a.scrimp.json", "a", 1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).containsExactly("a"));
        write("b.scrimp.json", "b", 2);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).containsExactly("a", "b"));
    }

    @Test
    void aConsumerThatFailsIsOfferedTheSameAgain() throws Exception {
        List<Reading> taken = new CopyOnWriteArrayList<>();
        watcher = ApplicationDirectoryWatcher.start(directory, Map.of(), reading -> {
            told.add(reading);
            if (told.size() == 2) {
                throw new IllegalStateException("deliberate, in a test");
            }
            taken.add(reading);
        });

        write("a.scrimp.json", "a", 1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(taken).hasSize(2));
        assertThat(told.get(2)).isEqualTo(told.get(1));
    }

    private void watch(Path where) {
        watcher = ApplicationDirectoryWatcher.start(where, Map.of(), told::add);
    }

    private Reading last() {
        return told.get(told.size() - 1);
    }

    private List<String> names() {
        return last().applications().stream().map(ApplicationConfig::name).toList();
    }

    private void write(String file, String name, int port) throws IOException {
        Path draft = Files.writeString(directory.resolve("." + file), application(name, port));
        Files.move(draft, directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }

    private static String application(String name, int port) {
        return "{\"name\": \"" + name + "\", \"application-port\": " + port + "}";
    }
}
