package io.scrimplb.app.acme;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory for what must outlive the process: 0700, also when it is there already, its files 0600. A file is replaced at once
 * and whole; after a failure, of the power too, either the old or the new one stands. Thread-safe as far as no two write one
 * file.
 */
final class StateDirectory {
    /** Bytes of a file that is read; ours have some thousand. */
    private static final long MAX_BYTES = 4L << 20;

    private static final String FRESH = ".new";
    private static final String UNREADABLE = ".unreadable";
    private static final Set<StandardOpenOption> CREATE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);
    private static final String LOCK = "lock";
    private static final String DIRECTORY = "rwx------";
    static final String FILE = "rw-------";

    private final Path directory;
    /** Null for one that several may write to. */
    private final @Nullable StateLock lock;

    /** @param directory made when something is written first */
    StateDirectory(Path directory) {
        this(directory, null);
    }

    private StateDirectory(Path directory, @Nullable StateLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** The same, which is written to, those below it included, by one process alone: by others it can be read. */
    StateDirectory forThisProcessAlone() {
        return new StateDirectory(directory, new StateLock(directory.resolve(LOCK)));
    }

    Path path() {
        return directory;
    }

    StateDirectory below(String name) {
        return new StateDirectory(directory.resolve(name), lock);
    }

    /**
     * Where state belongs when nobody says: the service manager's directory, the system's, or the user's.
     *
     * @param environment of the process; {@code STATE_DIRECTORY} is systemd's, several with colons between
     */
    static Path usual(Map<String, String> environment, Path systems) {
        String managed = environment.getOrDefault("STATE_DIRECTORY", "");
        if (!managed.isBlank()) {
            int colon = managed.indexOf(':');
            return Path.of(colon < 0 ? managed : managed.substring(0, colon));
        }
        if (Files.isWritable(systems) || (!Files.exists(systems) && parentWritable(systems))) {
            return systems;
        }
        String home = environment.getOrDefault("XDG_STATE_HOME", "");
        if (!home.isBlank()) {
            return Path.of(home, "scrimplb");
        }
        return Path.of(environment.getOrDefault("HOME", "."), ".local", "state", "scrimplb");
    }

    private static boolean parentWritable(Path path) {
        Path parent = path.getParent();
        return parent != null && Files.isWritable(parent);
    }

    /** The text of a file; empty when there is none. */
    Optional<String> read(String name) throws IOException {
        Path file = directory.resolve(name);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new FileSystemException(file.toString(), null, "too large");
            }
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Names of the files that end so. */
    List<String> names(String ending) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(ending))
                    .sorted()
                    .forEach(names::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return names;
    }

    void write(String name, String text) throws IOException {
        make();
        Path file = directory.resolve(name);
        Path fresh = directory.resolve(name + FRESH);
        // What a crash left behind may have been written by an older program with other permissions.
        Files.deleteIfExists(fresh);
        boolean done = false;
        try (FileChannel out = FileChannel.open(fresh, CREATE, permissions(fresh, FILE))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(fresh);
            }
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Keeps a file under a name that nothing reads, which is not one of an earlier time.
     *
     * @return where it is now
     */
    Path setAside(String name) throws IOException {
        make();
        Path aside = directory.resolve(name + UNREADABLE);
        for (int number = 2; Files.exists(aside); number++) {
            aside = directory.resolve(name + UNREADABLE + "-" + number);
        }
        return Files.move(directory.resolve(name), aside);
    }

    void delete(String name) throws IOException {
        make();
        Files.deleteIfExists(directory.resolve(name));
    }

    /** Lets another process write. */
    void close() {
        if (lock != null) {
            lock.release();
        }
    }

    private void make() throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, permissions(directory, DIRECTORY));
        } else if (isPosix(directory)
                && !PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))
                        .equals(DIRECTORY)) {
            close(directory);
        }
        if (lock != null) {
            lock.hold();
        }
    }

    /** Whoever may not do that to a directory of another user has files of its own user's in it all the same. */
    private static void close(Path directory) {
        try {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(DIRECTORY));
        } catch (IOException e) {
            LOG.debug("{} stays open to others: {}", directory, DiskFault.text(e));
        }
    }

    /** None where the file system has none, and its owner's home protects them. */
    static FileAttribute<?>[] permissions(Path of, String text) {
        return isPosix(of)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
