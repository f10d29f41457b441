package io.scrimplb.proxy.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets that listen at one address. On Linux there is one for each loop, and the kernel deals connections out to them
 * (SO_REUSEPORT), so a connection is accepted on the loop that serves it and no thread hands it to another one. Elsewhere there is
 * one socket, and its loop hands connections over.
 *
 * <p>The kernel deals by a hash, which is uneven while there are few connections; {@link Acceptor} makes up for it by handing over
 * some. The choice was measured (2 cores, epoll, a connection per request, 64 clients, 2 loops; CPU time of the process a
 * request, median; then the fullest of 4 loops against the mean with 64 open connections, median and worst of 20 runs):
 *
 * <pre>
 * one socket, connections dealt out in turn     85 us   1.00  1.00   50 % handed over
 * a socket a loop, as the kernel deals          71 us   1.25  1.44    0 %
 * a socket a loop, evened out by an eighth      73 us   1.13  1.19   18 %
 * </pre>
 *
 * <p>SO_REUSEPORT lets any program of the same user listen at that port too, a second copy of this one included, and get part of
 * the connections. So the first socket is bound and listens without it, which fails while anybody listens there, and of two that
 * try at once at most one succeeds: the kernel looks again when a socket begins to listen. Only then does the socket allow company,
 * and the others join it. A program that does not ask for SO_REUSEPORT is refused by the kernel all the while, and another copy of
 * this one begins with a socket that does not ask.
 */
public final class ListeningSockets {
    /** Connections that wait to be accepted at a socket; the kernel caps it at net.core.somaxconn. */
    static final int BACKLOG = 4096;

    /** A bind or close that takes longer than this is hung. */
    private static final long TIMEOUT_MILLIS = 5_000;

    /** A port that is still taken after so many looks is another program's: a tenth of a second. */
    private static final int CLAIM_ATTEMPTS = 10;

    private static final long CLAIM_PAUSE_NANOS = 10_000_000L;

    /** See {@link Acceptor}. An eighth more on one loop than on another is not worth a hand-over. */
    private static final int SHARED_SLACK_DIVISOR = 8;

    private static final Logger log = LoggerFactory.getLogger(ListeningSockets.class);

    private record Socket(Channel channel, Acceptor acceptor) {}

    private final EventLoops loops;
    private final InetSocketAddress address;
    private final List<Socket> sockets;

    private ListeningSockets(EventLoops loops, InetSocketAddress address, List<Socket> sockets) {
        this.loops = loops;
        this.address = address;
        this.sockets = sockets;
    }

    /**
     * Binds and accepts. Blocks; not on a loop.
     *
     * @param connections makes the first handler of a connection, on the loop that accepted it, for the loop that is given
     * @throws IOException when the address cannot be had
     */
    public static ListeningSockets bind(
            EventLoops loops, InetSocketAddress wanted, Function<Loop, ChannelHandler> connections) throws IOException {
        int count = loops.api().sharesPorts() ? loops.loops().size() : 1;
        int slackDivisor = count > 1 ? SHARED_SLACK_DIVISOR : 0;
        List<Socket> sockets = new ArrayList<>(count);
        Socket first = bindFirst(loops, wanted, slackDivisor, connections);
        sockets.add(first);
        InetSocketAddress bound = (InetSocketAddress) first.channel().localAddress();
        if (count > 1) {
            try {
                first.channel().config().setOption(UnixChannelOption.SO_REUSEPORT, true);
                // The port may have been left to the system.
                InetSocketAddress same = new InetSocketAddress(wanted.getAddress(), bound.getPort());
                for (Loop loop : loops.loops().subList(1, count)) {
                    sockets.add(bindOne(loops, loop, same, true, slackDivisor, connections));
                }
            } catch (IOException | RuntimeException e) {
                // Connections are still served by all loops, only less evenly and with more hand-overs.
                log.warn("only {} of {} sockets listen on {}: {}", sockets.size(), count, bound, e.getMessage());
            }
        }
        return new ListeningSockets(loops, bound, sockets);
    }

    /**
     * Binds the socket that claims the port. One that was closed a moment ago can hold it a little longer: with io_uring until the
     * kernel has taken back the accept that was under way, with NIO until the selector's next turn.
     */
    private static Socket bindFirst(
            EventLoops loops, InetSocketAddress wanted, int slackDivisor, Function<Loop, ChannelHandler> connections)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return bindOne(loops, loops.loops().get(0), wanted, false, slackDivisor, connections);
            } catch (IOException e) {
                boolean taken = String.valueOf(e.getMessage()).contains("in use");
                if (!taken || attempt == CLAIM_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(CLAIM_PAUSE_NANOS);
            }
        }
    }

    private static Socket bindOne(
            EventLoops loops,
            Loop loop,
            InetSocketAddress address,
            boolean joins,
            int slackDivisor,
            Function<Loop, ChannelHandler> connections)
            throws IOException {
        Channel channel = null;
        try {
            channel = loops.api().newServer();
            channel.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
            // Connections that linger in TIME_WAIT after a restart do not hold the port.
            channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
            // A read takes one connection, until the socket is closed: then it goes on while any waits.
            channel.config()
                    .setRecvByteBufAllocator(new ServerChannelRecvByteBufAllocator().respectMaybeMoreData(false));
            if (joins) {
                channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
            }
            Acceptor acceptor = new Acceptor(loop, loops.loops(), slackDivisor, connections);
            channel.pipeline().addLast(new AcceptFailures(), acceptor);
            await(loop.executor().register(channel));
            await(channel.bind(address));
            return new Socket(channel, acceptor);
        } catch (IOException | ChannelException e) {
            // No socket can be made without a file descriptor, which Netty tells as a ChannelException.
            if (channel != null && channel.isRegistered()) {
                channel.close();
            } else if (channel != null) {
                channel.unsafe().closeForcibly();
            }
            throw e instanceof IOException known ? known : new IOException(reason(e), e);
        }
    }

    private static String reason(Exception failure) {
        Throwable cause = failure.getCause();
        return String.valueOf((cause == null ? failure : cause).getMessage());
    }

    private static void await(ChannelFuture step) throws IOException {
        if (!step.awaitUninterruptibly(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new IOException("no answer from the system");
        }
        Throwable cause = step.cause();
        if (cause instanceof IOException known) {
            throw known;
        }
        if (cause != null) {
            throw new IOException(cause.getMessage(), cause);
        }
    }

    /** Where they listen; the port is never 0. */
    public InetSocketAddress address() {
        return address;
    }

    /** How many there are. */
    public int count() {
        return sockets.size();
    }

    /** Stops accepting, once the connections that wait are accepted. Blocks; not on a loop. */
    public void close() {
        boolean readsAll = loops.api() != SocketApi.IO_URING;
        for (Socket socket : sockets) {
            socket.channel().eventLoop().execute(() -> socket.acceptor().closeWhenEmpty(socket.channel(), readsAll));
        }
        for (Socket socket : sockets) {
            socket.channel().closeFuture().awaitUninterruptibly(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            if (loops.api() == SocketApi.NIO) {
                // The JDK gives the descriptor, and so the port, back at the selector's next turn, which is over when a
                // timer runs.
                socket.channel()
                        .eventLoop()
                        .schedule(() -> {}, 1, TimeUnit.MILLISECONDS)
                        .awaitUninterruptibly(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }
}
