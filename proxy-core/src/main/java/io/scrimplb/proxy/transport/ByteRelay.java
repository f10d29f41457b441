package io.scrimplb.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.scrimplb.proxy.telemetry.ErrorCause;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins two channels of one loop and carries bytes both ways until both sides have ended. What one side sends faster than
 * the other takes is not read. A side that ends its output ends the other's output only; a reset is passed on as a reset.
 */
public final class ByteRelay implements Swept {
    /** What the owner of a relay is told, on its loop. */
    public interface Events {
        /** Bytes came from the client. */
        void received(int bytes);

        /** Bytes came from the endpoint, for the client. */
        void sent(int bytes);

        /** Both channels are closed, or close once what is written is out. Called exactly once. */
        void ended(Ending ending);
    }

    /** Why a relay ended. */
    public enum Ending {
        /** One side closed, or both ended their output. */
        CLOSED(null),
        /** The client's side was reset. */
        CLIENT_RESET(ErrorCause.CLIENT_ABORTED),
        /** The endpoint's side was reset. */
        ORIGIN_RESET(ErrorCause.UPSTREAM_RESET),
        /** No byte either way for too long. */
        IDLE(ErrorCause.TUNNEL_IDLE);

        private final @Nullable ErrorCause cause;

        Ending(@Nullable ErrorCause cause) {
            this.cause = cause;
        }

        /** What it is accounted as; null when it is as it should be. */
        public @Nullable ErrorCause cause() {
            return cause;
        }
    }

    /** How long a closing side may take nothing of what is still to be written. */
    private static final long FLUSH_STALL_NANOS = 60_000_000_000L;

    /** How long a session may be silent once one side has ended its output. */
    private static final long HALF_CLOSED_NANOS = 300_000_000_000L;

    private static final Logger log = LoggerFactory.getLogger(ByteRelay.class);

    private final Loop loop;
    private final Channel client;
    private final Channel origin;
    private final long idleNanos;
    private final Events events;
    private int sweepIndex = NOT_SWEPT;

    private final StallWatch watch = new StallWatch();

    /** Whether a byte has moved since the last sweep, which tells the watch: so no message has to read the clock. */
    private boolean active;

    private int openInputs = 2;
    private boolean ended;

    private final RelayEnd clientEnd;
    private final RelayEnd originEnd;

    /**
     * Prepares a relay between two channels of this loop, from which no other handler reads bytes any more; {@link #start}
     * sets it going.
     *
     * @param idleNanos how long no byte may come either way
     */
    public ByteRelay(Loop loop, Channel client, Channel origin, long idleNanos, Events events) {
        this.loop = loop;
        this.client = client;
        this.origin = origin;
        this.idleNanos = idleNanos;
        this.events = events;
        this.clientEnd = new RelayEnd(this, loop, client, origin, Ending.CLIENT_RESET);
        this.originEnd = new RelayEnd(this, loop, origin, client, Ending.ORIGIN_RESET);
    }

    /**
     * Adds its handlers at the end of both pipelines and starts reading. On the loop.
     *
     * @param fromClient what was read from the client and belongs to the endpoint; becomes the relay's
     * @param fromOrigin what was read from the endpoint and belongs to the client; becomes the relay's
     */
    public void start(ByteBuf fromClient, ByteBuf fromOrigin) {
        watch.restart(System.nanoTime());
        loop.enlist(this);
        client.pipeline().addLast(clientEnd);
        origin.pipeline().addLast(originEnd);
        if (!client.isActive() || !origin.isActive()) {
            // Closed a moment ago, while the handlers changed: nobody else would hear of it.
            fromClient.release();
            fromOrigin.release();
            end(Ending.CLOSED);
            return;
        }
        tune(client);
        tune(origin);
        if (client instanceof EpollSocketChannel from
                && origin instanceof EpollSocketChannel to
                && passesBytesAsTheyAre(from)
                && passesBytesAsTheyAre(to)) {
            clientEnd.goDirect(from, to);
            originEnd.goDirect(to, from);
        }
        clientEnd.inject(fromClient);
        originEnd.inject(fromOrigin);
        if (!client.isActive() || !origin.isActive()) {
            end(Ending.CLOSED);
        }
        clientEnd.resume();
        originEnd.resume();
    }

    /** Only a handler that sees what is written can change bytes, such as TLS. */
    private static boolean passesBytesAsTheyAre(Channel channel) {
        for (Map.Entry<String, ChannelHandler> handler : channel.pipeline()) {
            if (handler.getValue() instanceof ChannelOutboundHandler) {
                return false;
            }
        }
        return true;
    }

    private static void tune(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        } catch (ChannelException e) {
            // The socket is going down this moment; its close will be told.
            log.debug("a socket takes no options any more: {}", e.getMessage());
        }
    }

    @Override
    public void sweep(long nowNanos) {
        if (active) {
            active = false;
            watch.restart(nowNanos);
        }
        if (!ended) {
            clientEnd.sweep();
            originEnd.sweep();
            // A reset behind an end of output is not told by the kernel, so a half-closed session may not wait for
            // long.
            long allowed = openInputs < 2 ? Math.min(idleNanos, HALF_CLOSED_NANOS) : idleNanos;
            if (watch.still(0, nowNanos) > allowed) {
                end(Ending.IDLE);
            }
            return;
        }
        // What is written may go out slowly, but it has to move.
        long mark = LingeringClose.pendingMark(client) * 31 + LingeringClose.pendingMark(origin);
        if (watch.still(mark, nowNanos) > FLUSH_STALL_NANOS) {
            LingeringClose.reset(client);
            LingeringClose.reset(origin);
        }
    }

    /** A session is in flight until one of its sides ends it. */
    @Override
    public void drain() {}

    @Override
    public void abort() {
        LingeringClose.reset(client);
        LingeringClose.reset(origin);
    }

    @Override
    public int sweepIndex() {
        return sweepIndex;
    }

    @Override
    public void sweepIndex(int index) {
        sweepIndex = index;
    }

    boolean ended() {
        return ended;
    }

    /** Bytes came from this side, and are on their way to the other. */
    void moved(RelayEnd from, int bytes) {
        active = true;
        if (from == clientEnd) {
            events.received(bytes);
        } else {
            events.sent(bytes);
        }
    }

    /** Something that waited has gone out. */
    void progressed() {
        active = true;
    }

    /** This side takes bytes again. */
    void writable(RelayEnd end) {
        active = true;
        partner(end).resume();
    }

    /** This side's partner takes nothing any more. */
    void peerFailed(RelayEnd end) {
        partner(end).fail();
    }

    private RelayEnd partner(RelayEnd end) {
        return end == clientEnd ? originEnd : clientEnd;
    }

    /** An input has ended; tells whether it was the second, with which the relay ends. */
    boolean lastInputEnded() {
        openInputs--;
        if (openInputs == 0) {
            end(Ending.CLOSED);
        }
        return ended;
    }

    void end(Ending ending) {
        if (ended) {
            return;
        }
        ended = true;
        clientEnd.stopSplicing();
        originEnd.stopSplicing();
        watch.restart(System.nanoTime());
        for (Channel channel : new Channel[] {client, origin}) {
            if (!channel.isActive()) {
                channel.close();
            } else if (ending == Ending.CLOSED) {
                channel.config().setAutoRead(false);
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            } else {
                // The other side must not take a cut for a clean end.
                LingeringClose.reset(channel);
            }
        }
        client.closeFuture().addListener(closed -> dismissIfClosed());
        origin.closeFuture().addListener(closed -> dismissIfClosed());
        events.ended(ending);
    }

    private void dismissIfClosed() {
        if (!client.isOpen() && !origin.isOpen()) {
            loop.dismiss(this);
        }
    }
}
