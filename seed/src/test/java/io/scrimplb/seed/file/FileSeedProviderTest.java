package io.scrimplb.seed.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrimplb.seed.Race;
import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedConflictException;
import io.scrimplb.seed.SeedCorruptException;
import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedSet;
import io.scrimplb.seed.SeedSnapshot;
import io.scrimplb.seed.SeedVersion;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class FileSeedProviderTest {
    private static final SeedSet ONE =
            SeedSet.empty().merge(new Seed("a", 1, null), Instant.EPOCH, Duration.ofHours(1));

    @TempDir
    Path folder;

    private FileSeedProvider provider() {
        return new FileSeedProvider(folder.resolve("seeds"));
    }

    @Test
    void aMissingFileIsAnEmptySet() throws Exception {
        assertThat(provider().seeds()).isEmpty();
        assertThat(provider().read().version()).isEqualTo(new SeedVersion.Absent());
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        provider().write(ONE, new SeedVersion.Absent());
        assertThat(provider().seeds()).extracting(Seed::address).containsExactly("a");
    }

    @Test
    void aFolderHoldsTheFileUnderItsDefaultName() throws Exception {
        new FileSeedProvider(folder).write(ONE, new SeedVersion.Absent());
        assertThat(folder.resolve(FileSeedProvider.DEFAULT_NAME)).exists();
    }

    @Test
    void anOutdatedWriteIsAConflictAndChangesNothing() throws Exception {
        SeedSnapshot old = provider().read();
        provider().write(ONE, old.version());
        assertThatThrownBy(() -> provider().write(SeedSet.empty(), old.version()))
                .isInstanceOf(SeedConflictException.class);
        assertThat(provider().seeds()).hasSize(1);
    }

    @Test
    void concurrentWritersLoseNothingAndLeaveNoLitter() throws Exception {
        Race.loseNothing(provider(), 6);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).extracting(file -> file.getFileName().toString()).containsOnly("seeds", ".seeds.lock");
        }
    }

    @Test
    void aSymbolicLinkStaysALink() throws Exception {
        Path real = Files.writeString(folder.resolve("real"), "{}");
        Path link = Files.createSymbolicLink(folder.resolve("seeds"), real);
        provider().write(ONE, provider().read().version());
        assertThat(link).isSymbolicLink();
        assertThat(real).content().contains("\"a\"");
    }

    @Test
    void aCorruptFileIsNamedAndCanBeOverwrittenAsItIs() throws Exception {
        Files.writeString(folder.resolve("seeds"), "{\"seeds\":");
        assertThatThrownBy(() -> provider().read()).isInstanceOfSatisfying(SeedCorruptException.class, e -> {
            assertThat(e).hasMessageContaining("seeds holds no seed object");
            try {
                provider().write(ONE, e.version());
            } catch (SeedException refused) {
                throw new AssertionError(refused);
            }
        });
        assertThat(provider().seeds()).hasSize(1);
    }

    @Test
    void aMissingFolderIsOneClearLine() {
        FileSeedProvider nowhere = new FileSeedProvider(folder.resolve("gone/seeds"));
        assertThatThrownBy(() -> nowhere.write(ONE, new SeedVersion.Absent()))
                .hasMessageEndingWith("create or mount the folder " + folder.resolve("gone") + " first");
    }

    @Test
    void aLockThatNobodyReleasesIsGivenUp() throws Exception {
        Path lock = folder.resolve(".seeds.lock");
        try (FileChannel other = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(other.lock().isValid()).isTrue();
            assertThatThrownBy(() -> new FileSeedProvider(folder.resolve("seeds"), Duration.ofMillis(200))
                            .write(ONE, new SeedVersion.Absent()))
                    .hasMessageContaining("another process holds the lock " + lock);
        }
    }
}
