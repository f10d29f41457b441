package io.scrimplb.proxy.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loops of a proxy and the kind of sockets they serve. */
public final class EventLoops implements AutoCloseable {
    /**
     * A connection stops reading from its partner once this much waits to be written, and goes on at half of it: enough for
     * a full window on a fast path, little enough to hold for thousands of slow readers.
     */
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 128 * 1024);

    /**
     * The kernel's receive buffer of a connection to an endpoint, which it doubles. epoll hands over all that is in it once
     * the other side has ended its output, whether anybody wants to read or not, so this bounds what a slow client's
     * connection can hold. A window of half a megabyte fills 400 Mbit/s at 10 ms.
     */
    public static final int RECEIVE_BUFFER_BYTES = 256 * 1024;

    private static final Logger log = LoggerFactory.getLogger(EventLoops.class);

    private final SocketApi api;
    private final MultiThreadIoEventLoopGroup group;
    private final List<Loop> loops;

    EventLoops(SocketApi api, int count, KernelPipes pipes) {
        this.api = api;
        this.group =
                new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("scrimp-loop", true), api.ioHandlers());
        List<Loop> made = new ArrayList<>(count);
        for (EventExecutor executor : group) {
            Loop loop = new Loop(made.size(), (EventLoop) executor, api.readsAtOnce(), pipes);
            executor.execute(loop::start);
            made.add(loop);
        }
        this.loops = List.copyOf(made);
    }

    /**
     * Starts loops on the first of some kinds of sockets that works here. When that is not the first one, one line in the log
     * says why.
     *
     * @param inOrder the kinds, the most wanted one first and NIO, which always works, last
     * @param count number of loops, at least 1
     */
    public static EventLoops start(List<SocketApi> inOrder, int count) {
        StringBuilder excuses = new StringBuilder();
        for (SocketApi api : inOrder) {
            String missing = api.missing();
            if (missing == null) {
                try {
                    EventLoops started = new EventLoops(api, count, api.pipes());
                    if (!excuses.isEmpty()) {
                        log.warn("{}; {} is used instead", excuses, api);
                    }
                    log.info("sockets are served by {} on {} event loops", api, count);
                    return started;
                } catch (IllegalStateException e) {
                    // There is one, but not for as many loops: rings want locked memory on older kernels.
                    missing = SocketApi.reason(e);
                }
            }
            excuses.append(excuses.isEmpty() ? "" : "; ").append(api).append(" cannot be used: ");
            excuses.append(missing);
        }
        throw new IllegalStateException(excuses.toString());
    }

    /** The kind of sockets. */
    public SocketApi api() {
        return api;
    }

    public List<Loop> loops() {
        return loops;
    }

    /**
     * A bootstrap of connections to endpoints, each on the loop that is given. A failed write does not close the channel:
     * an endpoint that refuses a body has often sent its answer before it stopped reading. Netty switches Nagle's algorithm
     * off by itself.
     */
    Bootstrap client(Loop loop, Duration connectTimeout) {
        return new Bootstrap()
                .group(loop.executor())
                .channel(api.client())
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.max(1, Math.min(connectTimeout.toMillis(), 600_000)))
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    }

    /**
     * Connects to an endpoint.
     *
     * @param header what the connection begins with, before whatever its handler writes; null for nothing
     * @param failed hears on the loop why there is no connection; of one that there is the handler hears
     */
    public ChannelFuture connect(
            Loop loop,
            InetSocketAddress endpoint,
            Duration timeout,
            byte @Nullable [] header,
            ChannelHandler handler,
            Consumer<Throwable> failed) {
        ChannelHandler first = handler;
        if (header != null) {
            first = new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new ProxyHeaderWriter(header), handler);
                }
            };
        }
        ChannelFuture connecting = client(loop, timeout).handler(first).connect(endpoint);
        loop.listen(connecting, done -> {
            loop.tick();
            Throwable cause = done.cause();
            if (cause != null) {
                failed.accept(cause);
            }
        });
        return connecting;
    }

    /** Ends the loops and every channel on them. */
    @Override
    public void close() {
        if (group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS)) {
            loops.forEach(Loop::close);
        }
    }
}
