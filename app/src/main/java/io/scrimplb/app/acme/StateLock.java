package io.scrimplb.app.acme;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That one process alone writes below a directory: two would move away each other's half-written files. From the first time that
 * it is had until the end of it, or of the process. Thread-safe.
 */
final class StateLock {
    private static final Logger LOG = LoggerFactory.getLogger(StateLock.class);

    private final Path file;
    private @Nullable FileChannel held;

    /** @param file made when it is had first; its content is no matter */
    StateLock(Path file) {
        this.file = file;
    }

    /**
     * Has it, or tries to get it.
     *
     * @throws IOException when another process has it, or there can be no such file
     */
    synchronized void hold() throws IOException {
        if (held != null) {
            return;
        }
        FileChannel opened = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                StateDirectory.permissions(file, StateDirectory.FILE));
        if (!lock(opened)) {
            opened.close();
            throw new FileSystemException(file.toString(), null, "another process uses it, and each needs its own");
        }
        held = opened;
    }

    private boolean lock(FileChannel opened) {
        try {
            return opened.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            // Some file systems of networks have no locks, and would do without one before too.
            LOG.warn("{} cannot be locked, see to it that no other process uses it: {}", file, DiskFault.text(e));
            return true;
        }
    }

    synchronized void release() {
        try {
            if (held != null) {
                held.close();
            }
        } catch (IOException e) {
            LOG.debug("{} was not closed: {}", file, DiskFault.text(e));
        }
        held = null;
    }
}
