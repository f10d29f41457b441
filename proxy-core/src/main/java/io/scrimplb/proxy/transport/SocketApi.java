package io.scrimplb.proxy.transport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the system is asked to do I/O on sockets. */
public enum SocketApi {
    /** Linux's readiness events. */
    EPOLL("epoll"),
    /** Linux's completion rings; many containers and some hosts forbid them. */
    IO_URING("io_uring"),
    /** The JDK's selectors, which are everywhere. */
    NIO("NIO");

    /**
     * Netty 4.2.18 watches a socket for input by one poll that goes on (IORING_POLL_ADD_MULTI) and tells each change once. A
     * reset that comes while bytes still wait is told together with them; the read that takes the bytes finds the socket empty and
     * ends, and nothing tells of the reset any more: the connection stays open for ever. A poll for each read looks at the
     * state anew. Read when Netty's class is loaded; a user who sets it has reasons.
     */
    private static final String POLL_ONCE_FOR_ALL = "io.netty.iouring.pollAddMultishotEnabled";

    static {
        if (System.getProperty(POLL_ONCE_FOR_ALL) == null) {
            System.setProperty(POLL_ONCE_FOR_ALL, "false");
        }
    }

    private final String text;

    SocketApi(String text) {
        this.text = text;
    }

    /** Why this machine does not have it, in one line; null when it does. */
    public @Nullable String missing() {
        return switch (this) {
            case EPOLL -> Epoll.isAvailable() ? null : reason(Epoll.unavailabilityCause());
            case IO_URING -> IoUring.isAvailable() ? null : reason(IoUring.unavailabilityCause());
            case NIO -> null;
        };
    }

    /** What a user can make of the failure: the system's own word, and the usual cause where that is cryptic. */
    static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        String said = message == null
                ? innermost.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
        String lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("not permitted") || lower.contains("permission denied")) {
            return said + "; the container's seccomp profile or the sysctl kernel.io_uring_disabled forbids it";
        }
        if (lower.contains("not implemented")) {
            return said + "; the kernel has none or the container's seccomp profile hides it";
        }
        if (lower.contains("cannot allocate memory")) {
            return said + "; raise the limit of locked memory (ulimit -l)";
        }
        return said;
    }

    IoHandlerFactory ioHandlers() {
        return switch (this) {
            case EPOLL -> MendedEpoll.factory();
            case IO_URING -> IoUringIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /** The pipes through which its sockets can be spliced. */
    KernelPipes pipes() {
        return this == EPOLL ? KernelPipes.forThisProcess() : new KernelPipes(0);
    }

    ServerSocketChannel newServer() {
        return switch (this) {
            case EPOLL -> new EpollServerSocketChannel();
            case IO_URING -> new IoUringServerSocketChannel();
            case NIO -> new NioServerSocketChannel();
        };
    }

    Class<? extends SocketChannel> client() {
        return switch (this) {
            case EPOLL -> EpollSocketChannel.class;
            case IO_URING -> IoUringSocketChannel.class;
            case NIO -> NioSocketChannel.class;
        };
    }

    /** Whether a read happens while it is asked for, so that all reads of a loop can go into the same buffer. */
    boolean readsAtOnce() {
        return this != IO_URING;
    }

    /** Whether several sockets may listen on one port, the kernel dealing connections out to them. */
    boolean sharesPorts() {
        return this != NIO;
    }

    @Override
    public String toString() {
        return text;
    }
}
