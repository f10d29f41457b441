package io.scrimplb.seed.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets one writer at a time at a file, by a lock on a small file beside it that stays there: were it deleted, two
 * writers could hold locks on two files of one name.
 */
final class WriteLock implements AutoCloseable {
    /** A write takes milliseconds; who holds the lock for longer hangs. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(5);
    private final FileChannel channel;

    private WriteLock(FileChannel channel) {
        this.channel = channel;
    }

    static WriteLock take(Path file, Duration patience) throws IOException {
        Path lockFile = file.resolveSibling("." + file.getFileName() + ".lock");
        FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean done = false;
        try {
            long giveUp = System.nanoTime() + patience.toNanos();
            while (!tryLock(channel)) {
                if (System.nanoTime() - giveUp > 0 || Thread.currentThread().isInterrupted()) {
                    throw new IOException("another process holds the lock " + lockFile);
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            done = true;
            return new WriteLock(channel);
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // Another writer of this JVM has it; the lock is the process's, so the kernel would not say.
            return false;
        } catch (java.nio.channels.ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            // A file system without locks: go on with the comparison before the rename alone.
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
