package io.scrimplb.seed.file;

import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedConflictException;
import io.scrimplb.seed.SeedCorruptException;
import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedSet;
import io.scrimplb.seed.SeedSnapshot;
import io.scrimplb.seed.SeedStore;
import io.scrimplb.seed.SeedVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The seed object in a file, usually of a folder that several machines share. A missing file is an empty set; when the
 * path is a folder, the file is {@value #DEFAULT_NAME} in it.
 *
 * <p>What holds: a reader never sees half an object (written beside it, forced to disk, renamed over it). Writers of one
 * JVM, of one machine, and of machines whose shared file system has working locks (NFSv4, most others) take turns, and a
 * writer whose read is outdated gets a conflict, so nothing is lost. On a file system without locks the comparison just
 * before the rename leaves a gap of milliseconds; an entry lost in it comes back with its owner's next push.
 */
public final class FileSeedProvider implements SeedProvider, SeedStore {
    static final String TYPE = "file";
    static final String DEFAULT_NAME = "scrimplb.json";
    private final Path configured;
    private final Duration lockPatience;

    public FileSeedProvider(Path path) {
        this(path, WriteLock.PATIENCE);
    }

    FileSeedProvider(Path path, Duration lockPatience) {
        this.configured = path.toAbsolutePath();
        this.lockPatience = lockPatience;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String location() {
        return "file " + configured;
    }

    @Override
    public List<Seed> seeds() throws SeedException {
        return read().seeds().seeds();
    }

    @Override
    public Optional<SeedStore> store() {
        return Optional.of(this);
    }

    @Override
    public SeedSnapshot read() throws SeedException {
        Path file = target();
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(SeedSet.MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            return SeedSnapshot.absent();
        } catch (IOException e) {
            throw failure("cannot be read", e);
        }
        SeedVersion version = new SeedVersion.Tagged(digest(content));
        try {
            return new SeedSnapshot(SeedSet.parse(content, location()), version);
        } catch (SeedCorruptException e) {
            throw e.at(version);
        }
    }

    @Override
    public void write(SeedSet seeds, SeedVersion version) throws SeedException {
        Path file = target();
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new SeedException(location() + " cannot be written: create or mount the folder " + folder + " first");
        }
        try (WriteLock ignored = WriteLock.take(file, lockPatience)) {
            if (!current(file).equals(version)) {
                throw new SeedConflictException(location() + " was written by somebody else meanwhile");
            }
            AtomicFile.replace(file, seeds.toJson());
        } catch (IOException e) {
            throw failure("cannot be written", e);
        }
    }

    private static SeedVersion current(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new SeedVersion.Tagged(digest(in.readNBytes(SeedSet.MAX_BYTES + 1)));
        } catch (NoSuchFileException e) {
            return new SeedVersion.Absent();
        }
    }

    /** The file itself behind links, so that a rename replaces the file and not the link. */
    private Path target() {
        Path file = Files.isDirectory(configured) ? configured.resolve(DEFAULT_NAME) : configured;
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file;
        }
    }

    private SeedException failure(String what, IOException e) {
        String why;
        if (e instanceof AccessDeniedException) {
            why = "permission denied, let this user read and write the file and its folder";
        } else if (e instanceof FileSystemException fault && fault.getReason() != null) {
            why = fault.getReason();
        } else {
            why = String.valueOf(e.getMessage());
        }
        return new SeedException(location() + " " + what + ": " + why, e);
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
