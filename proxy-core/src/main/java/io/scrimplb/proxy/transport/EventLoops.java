package io.scrimplb.proxy.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The event loops of a proxy and the kind of sockets they serve. */
public final class EventLoops implements AutoCloseable {
    /**
     * A connection stops reading from its partner once this much waits to be written, and goes on at half of it: enough for
     * a full window on a fast path, little enough to hold for thousands of slow readers.
     */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 128 * 1024);

    /**
     * The kernel's receive buffer of a connection to an endpoint, which it doubles. epoll hands over all that is in it once
     * the other side has ended its output, whether anybody wants to read or not, so this bounds what a slow client's
     * connection can hold. A window of half a megabyte fills 400 Mbit/s at 10 ms.
     */
    public static final int RECEIVE_BUFFER_BYTES = 256 * 1024;

    /** Connections that wait to be accepted; the kernel caps it at net.core.somaxconn. */
    private static final int BACKLOG = 4096;

    private final boolean epoll;
    private final MultiThreadIoEventLoopGroup group;
    private final List<Loop> loops;

    /**
     * Starts the loops.
     *
     * @param epoll whether to use epoll; see {@link #epollAvailable()}
     * @param count number of loops, at least 1
     */
    public EventLoops(boolean epoll, int count) {
        this(epoll, count, epoll ? KernelPipes.forThisProcess() : new KernelPipes(0));
    }

    EventLoops(boolean epoll, int count, KernelPipes pipes) {
        this.epoll = epoll;
        IoHandlerFactory factory = epoll ? MendedEpoll.factory() : NioIoHandler.newFactory();
        this.group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("scrimp-loop", true), factory);
        List<Loop> made = new ArrayList<>(count);
        for (EventExecutor executor : group) {
            Loop loop = new Loop(made.size(), (EventLoop) executor, pipes);
            executor.execute(loop::start);
            made.add(loop);
        }
        this.loops = List.copyOf(made);
    }

    /** Whether this machine has epoll and the library for it. */
    public static boolean epollAvailable() {
        return Epoll.isAvailable();
    }

    public List<Loop> loops() {
        return loops;
    }

    /** The loop that serves a channel. */
    public Loop of(Channel channel) {
        EventLoop executor = channel.eventLoop();
        for (Loop loop : loops) {
            if (loop.executor() == executor) {
                return loop;
            }
        }
        throw new IllegalArgumentException("a channel of other event loops: " + channel);
    }

    /** A bootstrap of server sockets whose connections are spread over the loops. */
    public ServerBootstrap server() {
        Class<? extends ServerSocketChannel> type =
                epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        return new ServerBootstrap()
                .group(group)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new AcceptFailures())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    }

    /**
     * A bootstrap of connections to endpoints, each on the loop that is given. A failed write does not close the channel:
     * an endpoint that refuses a body has often sent its answer before it stopped reading.
     */
    public Bootstrap client(Loop loop, Duration connectTimeout) {
        Class<? extends SocketChannel> type = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        return new Bootstrap()
                .group(loop.executor())
                .channel(type)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.max(1, Math.min(connectTimeout.toMillis(), 600_000)))
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    }

    /** Ends the loops and every channel on them. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
