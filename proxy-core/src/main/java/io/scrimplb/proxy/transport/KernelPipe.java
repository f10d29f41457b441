package io.scrimplb.proxy.transport;

import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;

/**
 * A pipe of the kernel through which bytes go from one socket to another without being copied into this process (splice(2)).
 * Holds two file descriptors. On one loop.
 */
final class KernelPipe {
    /** More than any pipe takes: the kernel stops at the pipe's size, 16 pieces unless it is short of memory. */
    private static final int AS_MUCH_AS_FITS = 1 << 20;

    private final KernelPipes home;
    private final FileDescriptor readEnd;
    private final FileDescriptor writeEnd;
    private int queued;
    private boolean open = true;

    KernelPipe(KernelPipes home, FileDescriptor readEnd, FileDescriptor writeEnd) {
        this.home = home;
        this.readEnd = readEnd;
        this.writeEnd = writeEnd;
    }

    /** Bytes that have gone in and not out. */
    int queued() {
        return queued;
    }

    /**
     * Takes from a socket what is there and fits.
     *
     * @return the bytes taken; 0 when there are none, when the pipe is full, and when the input has ended
     */
    int fillFrom(FileDescriptor socket) throws IOException {
        int count = Native.splice(socket.intValue(), -1, writeEnd.intValue(), -1, AS_MUCH_AS_FITS);
        queued += count;
        return count;
    }

    /**
     * Gives a socket what it takes. Something has to be queued.
     *
     * @return the bytes given; 0 when the socket takes none now
     */
    int drainTo(FileDescriptor socket) throws IOException {
        int count = Native.splice(readEnd.intValue(), -1, socket.intValue(), -1, queued);
        queued -= count;
        return count;
    }

    /** Gives the descriptors back, with whatever is still queued. */
    void close() {
        if (open) {
            open = false;
            home.close(readEnd, writeEnd);
        }
    }
}
