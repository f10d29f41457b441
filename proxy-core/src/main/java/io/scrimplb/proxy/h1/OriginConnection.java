package io.scrimplb.proxy.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.transport.SendBuffer;
import io.scrimplb.proxy.upstream.PooledConnection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint, serving one exchange at a time or waiting in a pool. Reads responses: heads are parsed and
 * checked, bodies followed; what they mean is the exchange's business.
 */
final class OriginConnection extends ChannelInboundHandlerAdapter implements PooledConnection {
    private enum State {
        /** No response is due, or nothing of it came yet. */
        QUIET,
        HEAD,
        BODY
    }

    private final H1Loop h1;
    private final EndpointState endpoint;
    private final MessageBody body = new MessageBody();
    private @Nullable Exchange exchange;
    private @Nullable Channel channel;
    private final InputBuffer partialHead = new InputBuffer();
    private int scanned;
    private State state = State.QUIET;
    private boolean reused;
    private boolean keepAlive;
    private boolean lost;
    private boolean closing;
    private boolean outputEnded;
    private long idleSinceNanos;

    OriginConnection(H1Loop h1, EndpointState endpoint, Exchange exchange) {
        this.h1 = h1;
        this.endpoint = endpoint;
        this.exchange = exchange;
    }

    EndpointState endpoint() {
        return endpoint;
    }

    /** Whether it served an exchange before the present one. */
    boolean reused() {
        return reused;
    }

    /** Whether a byte of the response to the present exchange came. */
    boolean answering() {
        return state != State.QUIET;
    }

    @Override
    public boolean usable() {
        Channel open = channel;
        return open != null && open.isActive() && !closing && !lost;
    }

    /** Serves a further exchange. */
    void serve(Exchange next) {
        exchange = next;
        reused = true;
    }

    /** The exchange has no more use for it; closes it unless the response has ended. */
    void abandon() {
        exchange = null;
        close();
    }

    @Override
    public void close() {
        closing = true;
        Channel open = channel;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public long idleSinceNanos() {
        return idleSinceNanos;
    }

    @Override
    public void idleSinceNanos(long nanos) {
        idleSinceNanos = nanos;
    }

    void write(HeadBuffer bytes) {
        Channel open = channel;
        if (open != null && !outputEnded) {
            bytes.sendTo(h1.loop.sending(), open);
        }
    }

    void write(ByteBuf bytes) {
        Channel open = channel;
        if (open == null || outputEnded) {
            bytes.release();
            return;
        }
        h1.loop.sending().put(open, bytes);
    }

    void flush() {
        Channel open = channel;
        if (open != null) {
            h1.loop.sending().flush(open);
        }
    }

    /** Whether the socket has taken all that was sent. */
    boolean isSent() {
        Channel open = channel;
        return open != null && SendBuffer.isSent(open);
    }

    boolean isWritable() {
        Channel open = channel;
        return open != null && open.isWritable();
    }

    void setReading(boolean on) {
        Channel open = channel;
        if (open != null) {
            open.config().setAutoRead(on);
        }
    }

    /** The channel, its handler gone, for a tunnel. */
    Channel detach() {
        Channel open = channel;
        if (open == null) {
            throw new IllegalStateException("not connected");
        }
        exchange = null;
        open.pipeline().remove(this);
        return open;
    }

    void connectFailed(Throwable cause) {
        Exchange waiting = exchange;
        exchange = null;
        if (waiting != null) {
            waiting.connectFailed(cause);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        h1.loop.share(ctx.channel());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        h1.loop.tick();
        Exchange waiting = exchange;
        if (waiting == null) {
            close();
        } else {
            waiting.connected(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        h1.loop.tick();
        ByteBuf in = (ByteBuf) message;
        if (!partialHead.isEmpty()) {
            partialHead.append(in, ctx.alloc());
            in = partialHead.take();
        }
        try {
            while (in.isReadable() && exchange != null) {
                if (state == State.BODY) {
                    takeBody(ctx, exchange, in);
                } else if (!takeHead(exchange, in)) {
                    partialHead.append(in, ctx.alloc());
                    in = Unpooled.EMPTY_BUFFER;
                    partialHead.settle(ctx.alloc());
                    return;
                }
            }
            if (in.isReadable()
                    && exchange == null
                    && ctx.channel().isActive()
                    && ctx.pipeline().context(this) != null) {
                // Bytes nobody asked for: whatever they are, the next response cannot be told from them.
                close();
            }
        } catch (MalformedBodyException e) {
            Exchange blamed = exchange;
            if (blamed != null) {
                exchange = null;
                blamed.badResponse(e.getMessage());
            }
            close();
        } finally {
            in.release();
        }
    }

    /** @return false when more bytes are needed */
    private boolean takeHead(Exchange current, ByteBuf in) {
        state = State.HEAD;
        int limit = current.limits().headerBytes();
        int length = Math.min(in.readableBytes(), limit);
        int end = h1.findHead(in, scanned, length);
        scanned = end < 0 ? length : 0;
        if (end < 0) {
            if (length == limit) {
                refuse(current, "the response head is too large");
                return true;
            }
            return false;
        }
        in.skipBytes(end);
        ResponseHead head = h1.responseHead;
        String fault = head.parse(h1.headBytes(length), end, current.limits());
        if (fault != null) {
            refuse(current, fault);
        } else if (head.status == 101) {
            if (!current.upgraded(head, this, in)) {
                refuse(current, "an upgrade nobody asked for");
            }
        } else if (head.status < 200) {
            if (!current.interim(head)) {
                refuse(current, "too many interim responses");
            }
        } else {
            keepAlive = head.keepAlive();
            state = State.BODY;
            current.responseHead(head, body);
            if (body.done() && exchange == current) {
                responseEnded(current, in.isReadable());
            }
        }
        return true;
    }

    private void takeBody(ChannelHandlerContext ctx, Exchange current, ByteBuf in) throws MalformedBodyException {
        ByteBuf part = body.take(in, ctx.alloc());
        if (part != null) {
            current.responseBody(part);
        }
        if (body.done() && exchange == current) {
            responseEnded(current, in.isReadable());
        }
    }

    private void responseEnded(Exchange current, boolean unreadBytes) {
        boolean reusable = keepAlive && !unreadBytes && !lost;
        exchange = null;
        state = State.QUIET;
        current.responseEnd(this, reusable);
    }

    private void refuse(Exchange current, String fault) {
        exchange = null;
        close();
        current.badResponse(fault);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Exchange current = exchange;
        if (current != null) {
            current.flushClient();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        h1.loop.tick();
        Exchange current = exchange;
        if (current != null && ctx.channel().isWritable()) {
            current.originWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        h1.loop.tick();
        partialHead.drop();
        Exchange current = exchange;
        if (current == null) {
            h1.pools.of(endpoint).remove(this);
            return;
        }
        exchange = null;
        if (state == State.BODY && body.endsWithConnection() && !lost) {
            current.responseBody(body.connectionEnded());
            current.responseEnd(this, false);
        } else {
            current.originLost(this);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelOutputShutdownEvent.INSTANCE) {
            // A write failed, and the exception of it came just before. What the endpoint sent earlier can still be
            // read.
            lost = false;
            closing = true;
            outputEnded = true;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            // A failed read closes the channel by itself, a failed write closes its output: either event follows.
            lost = true;
            return;
        }
        h1.troubled(cause);
        lost = true;
        ctx.close();
    }
}
