package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Error;
import io.scrimplb.proxy.exchange.Tunnel;
import io.scrimplb.proxy.transport.ByteRelay;
import io.scrimplb.proxy.transport.LingeringClose;
import io.scrimplb.proxy.transport.Loop;
import io.scrimplb.proxy.transport.SendBuffer;

/**
 * Carries the bytes of a WebSocket between a stream's data and an endpoint's connection (RFC 8441, 5): the end of either side
 * passes on as an end, a reset as a reset, and what one side does not take is not read from the other.
 */
final class StreamTunnel extends ChannelInboundHandlerAdapter {
    private final H2ClientStream client;
    private final Tunnel account;
    private final Channel origin;
    private final Loop loop;
    private final SendBuffer sending;
    private final long idleNanos;
    private boolean ended;
    private boolean clientEnded;
    private int unconsumed;
    private long activeNanos;

    StreamTunnel(H2ClientStream client, Tunnel account, Channel origin, Loop loop, long idleNanos) {
        this.client = client;
        this.account = account;
        this.origin = origin;
        this.loop = loop;
        this.sending = loop.sendingTo(origin);
        this.idleNanos = idleNanos;
        this.activeNanos = loop.now();
    }

    /** @param behindHead what the endpoint has sent already; stays the caller's */
    void start(ByteBuf behindHead) {
        origin.pipeline().addLast(this);
        try {
            origin.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        } catch (ChannelException e) {
            // The socket is going down this moment; its close will be told.
            activeNanos = loop.now();
        }
        if (!origin.isActive()) {
            originEnded();
            return;
        }
        if (behindHead.isReadable()) {
            toClient(behindHead.readRetainedSlice(behindHead.readableBytes()));
        }
        origin.config().setAutoRead(client.isWritable());
    }

    /**
     * Data came from the client; stays the caller's.
     *
     * @return how many bytes of it need not wait for the endpoint
     */
    int fromClient(ByteBuf data, boolean endsStream) {
        int size = data.readableBytes();
        if (ended) {
            return size;
        }
        activeNanos = loop.now();
        if (size > 0) {
            account.received(size);
            sending.put(origin, data.readRetainedSlice(size));
            sending.flush(origin);
        }
        if (endsStream) {
            clientEnded();
        }
        if (origin.isWritable()) {
            return size;
        }
        unconsumed += size;
        return 0;
    }

    void clientEnded() {
        if (!clientEnded && !ended) {
            clientEnded = true;
            origin.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> LingeringClose.endOutput(origin));
        }
    }

    /** The client takes data again. */
    void clientWritable() {
        if (!ended) {
            origin.config().setAutoRead(true);
        }
    }

    /** The client's stream is closed. */
    void clientGone(boolean reset) {
        if (end(reset ? ByteRelay.Ending.CLIENT_RESET : ByteRelay.Ending.CLOSED)) {
            if (reset) {
                LingeringClose.reset(origin);
            } else {
                origin.close();
            }
        }
    }

    void sweep(long nowNanos) {
        if (nowNanos - activeNanos > idleNanos && end(ByteRelay.Ending.IDLE)) {
            LingeringClose.reset(origin);
            client.reset(Http2Error.CANCEL);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.tick();
        toClient((ByteBuf) message);
    }

    private void toClient(ByteBuf bytes) {
        if (ended) {
            bytes.release();
            return;
        }
        activeNanos = loop.now();
        account.sent(bytes.readableBytes());
        client.responseBody(bytes, false);
        if (!ended && !client.isWritable()) {
            origin.config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (origin.isWritable() && unconsumed > 0 && !ended) {
            int bytes = unconsumed;
            unconsumed = 0;
            activeNanos = loop.tick();
            client.consumed(bytes);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            originEnded();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        loop.tick();
        originEnded();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (end(ByteRelay.Ending.ORIGIN_RESET)) {
            LingeringClose.reset(origin);
            client.reset(Http2Error.CONNECT_ERROR);
        }
    }

    private void originEnded() {
        if (end(ByteRelay.Ending.CLOSED)) {
            client.responseBody(Unpooled.EMPTY_BUFFER, true);
            origin.close();
        }
    }

    /** Accounts once; whether it was this call that did. */
    private boolean end(ByteRelay.Ending how) {
        if (ended) {
            return false;
        }
        ended = true;
        client.tunnelEnded();
        account.ended(how);
        return true;
    }
}
