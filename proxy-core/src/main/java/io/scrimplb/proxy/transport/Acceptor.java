package io.scrimplb.proxy.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each connection that one listening socket accepts its loop: the one it was accepted on, unless that has clearly more
 * client connections than another one. Of the others one is looked at, in turn ("power of two choices", Mitzenmacher 2001),
 * so that the cost does not grow with the number of loops. On the loop of the listening socket.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Acceptor.class);

    /** How long a socket that is to be closed is watched for a connection that waits. */
    private static final long QUIET_MILLIS = 1;

    /** A socket under load is closed after that many looks, quiet or not. */
    private static final int MOST_LOOKS = 100;

    private final Loop own;
    private final List<Loop> loops;
    private final int slackDivisor;
    private final Function<Loop, ChannelHandler> connections;
    private int turn;
    private long accepted;
    private boolean closesWhenRead;

    /**
     * @param slackDivisor a loop may have one more connection than another one and in addition this part of them; 0 when it
     *     may not have any more
     * @param connections makes the first handler of a connection on a loop
     */
    Acceptor(Loop own, List<Loop> loops, int slackDivisor, Function<Loop, ChannelHandler> connections) {
        this.own = own;
        this.loops = loops;
        this.slackDivisor = slackDivisor;
        this.connections = connections;
        this.turn = own.index();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel connection = (Channel) message;
        accepted++;
        Loop loop = choose();
        loop.connectionOpened();
        connection.closeFuture().addListener(closed -> loop.connectionClosed());
        try {
            // Netty switches Nagle's algorithm off by itself.
            connection.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, EventLoops.WATER_MARK);
            connection.pipeline().addLast(connections.apply(loop));
            loop.executor().register(connection).addListener(done -> {
                if (!done.isSuccess()) {
                    dropped(connection, done.cause());
                }
            });
        } catch (RuntimeException e) {
            // Never registered, so its close is not told.
            loop.connectionClosed();
            dropped(connection, e);
        }
    }

    private static void dropped(Channel connection, Throwable cause) {
        log.debug("a connection could not be taken: {}", String.valueOf(cause));
        connection.unsafe().closeForcibly();
    }

    private Loop choose() {
        if (loops.size() == 1) {
            return own;
        }
        if (++turn >= loops.size()) {
            turn = 0;
        }
        if (turn == own.index() && ++turn >= loops.size()) {
            turn = 0;
        }
        Loop other = loops.get(turn);
        int theirs = other.connections();
        int allowed = slackDivisor == 0 ? theirs : theirs + 1 + theirs / slackDivisor;
        return own.connections() > allowed ? other : own;
    }

    /**
     * Closes the listening socket once the connections that the kernel has taken for it are accepted: closing it would reset
     * them. A connection in the middle of its handshake cannot be seen from here and is still reset (so it is with nginx),
     * unless net.ipv4.tcp_migrate_req hands it to another socket of that port.
     *
     * @param readsAll whether the end of a read means that no connection waits
     */
    void closeWhenEmpty(Channel socket, boolean readsAll) {
        socket.config().setOption(ChannelOption.MAX_MESSAGES_PER_READ, ListeningSockets.BACKLOG);
        closesWhenRead = readsAll;
        look(socket, 1);
    }

    private void look(Channel socket, int looks) {
        long before = accepted;
        socket.eventLoop()
                .schedule(
                        () -> {
                            if (accepted == before || looks == MOST_LOOKS) {
                                socket.close();
                            } else {
                                look(socket, looks + 1);
                            }
                        },
                        QUIET_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (closesWhenRead) {
            ctx.close();
        }
    }
}
