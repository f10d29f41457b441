package io.scrimplb.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
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
        CLOSED,
        /** The client's side was reset. */
        CLIENT_RESET,
        /** The endpoint's side was reset. */
        ORIGIN_RESET,
        /** No byte either way for too long. */
        IDLE
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
    private long lastByteNanos;
    private long pending;
    private int openInputs = 2;
    private boolean ended;

    private final End clientEnd;
    private final End originEnd;

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
        this.clientEnd = new End(client, origin);
        this.originEnd = new End(origin, client);
    }

    /**
     * Adds its handlers at the end of both pipelines and starts reading. On the loop.
     *
     * @param fromClient what was read from the client and belongs to the endpoint; becomes the relay's
     * @param fromOrigin what was read from the endpoint and belongs to the client; becomes the relay's
     */
    public void start(ByteBuf fromClient, ByteBuf fromOrigin) {
        lastByteNanos = System.nanoTime();
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
        clientEnd.inject(fromClient);
        originEnd.inject(fromOrigin);
        for (End end : new End[] {clientEnd, originEnd}) {
            if (!end.self.isActive()) {
                end(Ending.CLOSED);
            } else if (((DuplexChannel) end.self).isInputShutdown()) {
                end.inputEnded();
            }
        }
        if (!ended) {
            client.config().setAutoRead(origin.isWritable());
            origin.config().setAutoRead(client.isWritable());
        }
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
        if (!ended) {
            // A reset behind an end of output is not told by the kernel, so a half-closed session may not wait for
            // long.
            long allowed = openInputs < 2 ? Math.min(idleNanos, HALF_CLOSED_NANOS) : idleNanos;
            if (nowNanos - lastByteNanos > allowed) {
                end(Ending.IDLE);
            }
            return;
        }
        // What is written may go out slowly, but it has to move.
        long mark = LingeringClose.pendingMark(client) * 31 + LingeringClose.pendingMark(origin);
        if (mark != pending) {
            pending = mark;
            lastByteNanos = nowNanos;
        } else if (nowNanos - lastByteNanos > FLUSH_STALL_NANOS) {
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

    private void end(Ending ending) {
        if (ended) {
            return;
        }
        ended = true;
        lastByteNanos = System.nanoTime();
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

    /** One side of the relay. */
    private final class End extends ChannelInboundHandlerAdapter {
        private final Channel self;
        private final Channel peer;
        private boolean inputOpen = true;

        End(Channel self, Channel peer) {
            this.self = self;
            this.peer = peer;
        }

        void inject(ByteBuf early) {
            if (early.isReadable()) {
                forward(early);
                peer.flush();
            } else {
                early.release();
            }
        }

        void forward(ByteBuf bytes) {
            if (ended) {
                bytes.release();
                return;
            }
            int length = bytes.readableBytes();
            lastByteNanos = System.nanoTime();
            if (self == client) {
                events.received(length);
            } else {
                events.sent(length);
            }
            peer.write(bytes, peer.voidPromise());
            if (!peer.isWritable()) {
                self.config().setAutoRead(false);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ByteBuf bytes) {
                forward(bytes);
            } else {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            peer.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (self.isWritable() && !ended) {
                lastByteNanos = System.nanoTime();
                peer.config().setAutoRead(true);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                inputEnded();
            }
        }

        void inputEnded() {
            if (!inputOpen || ended) {
                return;
            }
            inputOpen = false;
            openInputs--;
            if (openInputs == 0) {
                end(Ending.CLOSED);
            } else {
                peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> ((DuplexChannel) peer).shutdownOutput());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            end(Ending.CLOSED);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            end(self == client ? Ending.CLIENT_RESET : Ending.ORIGIN_RESET);
        }
    }
}
