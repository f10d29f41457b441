package io.scrimplb.proxy.transport;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipes of a proxy, counted: each costs two file descriptors, which must not be missing where connections are accepted.
 * Who gets none copies. Any thread.
 */
public final class KernelPipes {
    /**
     * Half of what the kernel gives one user at full size: fs.pipe-user-pages-soft is 16384 pages, a pipe 16 of them, so
     * 1024; further ones would hold a page or two and be of no use.
     */
    private static final int MOST = 512;

    /** One pipe in so many descriptors that the process may have, which is an eighth of the descriptors for pipes. */
    private static final int DESCRIPTORS_A_PIPE = 16;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+([0-9]+)");
    private static final Logger log = LoggerFactory.getLogger(KernelPipes.class);

    private final int limit;
    private final AtomicInteger open = new AtomicInteger();

    /** @param limit how many may be open at once; 0 for none */
    KernelPipes(int limit) {
        this.limit = limit;
    }

    /** As many as go with the number of files that this process may have open. */
    static KernelPipes forThisProcess() {
        try {
            Matcher matcher = OPEN_FILES.matcher(Files.readString(LIMITS));
            // "unlimited" has no digits.
            long files = matcher.find() ? Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
            return new KernelPipes((int) Math.min(MOST, files / DESCRIPTORS_A_PIPE));
        } catch (IOException | NumberFormatException e) {
            return new KernelPipes(0);
        }
    }

    /** Pipes that are open now. */
    public int open() {
        return open.get();
    }

    /** A new pipe, or null when there are enough or none can be made. */
    @Nullable
    KernelPipe make() {
        if (open.incrementAndGet() > limit) {
            open.decrementAndGet();
            return null;
        }
        try {
            FileDescriptor[] ends = FileDescriptor.pipe();
            return new KernelPipe(this, ends[0], ends[1]);
        } catch (IOException e) {
            open.decrementAndGet();
            log.debug("no pipe: {}", e.getMessage());
            return null;
        }
    }

    void close(FileDescriptor... ends) {
        open.decrementAndGet();
        for (FileDescriptor end : ends) {
            try {
                end.close();
            } catch (IOException e) {
                log.debug("a pipe did not close cleanly: {}", e.getMessage());
            }
        }
    }
}
