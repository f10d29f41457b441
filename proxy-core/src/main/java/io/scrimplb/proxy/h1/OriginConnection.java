package io.scrimplb.proxy.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.exchange.Exchange;
import io.scrimplb.proxy.exchange.OriginStream;
import io.scrimplb.proxy.exchange.Origins;
import io.scrimplb.proxy.exchange.OutgoingRequest;
import io.scrimplb.proxy.http.MalformedBodyException;
import io.scrimplb.proxy.http.MessageBody;
import io.scrimplb.proxy.http.ResponseHead;
import io.scrimplb.proxy.http.TrailerFields;
import io.scrimplb.proxy.upstream.PooledConnection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint, serving one exchange at a time or waiting in a pool. Reads responses: heads are parsed and
 * checked, bodies followed; what they mean is the exchange's business.
 */
final class OriginConnection extends ChannelInboundHandlerAdapter
        implements OriginStream, Origins.Connecting, PooledConnection {
    private enum State {
        /** No response is due, or nothing of it came yet. */
        QUIET,
        HEAD,
        BODY
    }

    private final H1Loop h1;
    private final EndpointState endpoint;
    private final RequestOutput output;
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
    private long idleSinceNanos;

    /** @param encrypts whether a handler before it does */
    OriginConnection(H1Loop h1, EndpointState endpoint, Exchange exchange, boolean encrypts) {
        this.h1 = h1;
        this.output = new RequestOutput(encrypts ? h1.loop.encrypting() : h1.loop.sending());
        this.endpoint = endpoint;
        this.exchange = exchange;
    }

    @Override
    public EndpointState endpoint() {
        return endpoint;
    }

    @Override
    public boolean reused() {
        return reused;
    }

    /** HTTP/1.1 has no way to say so. */
    @Override
    public boolean untouched() {
        return false;
    }

    @Override
    public boolean answering() {
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

    @Override
    public void abandon() {
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

    @Override
    public void release(boolean reusable) {
        setReading(true);
        if (reusable) {
            h1.keep(this);
        } else {
            close();
        }
    }

    @Override
    public void send(OutgoingRequest request) {
        output.send(request);
    }

    @Override
    public void body(ByteBuf part, boolean last) {
        output.body(part, last);
    }

    @Override
    public void bodyEnd(byte[] trailers) {
        output.bodyEnd(trailers);
    }

    @Override
    public void flush() {
        output.flush();
    }

    @Override
    public boolean isSent() {
        return output.isSent();
    }

    @Override
    public boolean isWritable() {
        return output.isWritable();
    }

    @Override
    public void setReading(boolean on) {
        Channel open = channel;
        if (open != null) {
            open.config().setAutoRead(on);
        }
    }

    @Override
    public Channel detach() {
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
        output.begin(ctx.channel());
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
        ResponseHead head = h1.exchanges.responseHead();
        String fault = head.parse(h1.exchanges.headBytes(length), end, current.limits());
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
            current.responseBody(part, body.done() && body.trailers().length == 0);
        }
        if (body.done() && exchange == current) {
            responseEnded(current, in.isReadable());
        }
    }

    private void responseEnded(Exchange current, boolean unreadBytes) {
        boolean reusable = keepAlive && !unreadBytes && !lost;
        exchange = null;
        state = State.QUIET;
        current.responseEnd(this, reusable, body.trailers());
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
        if (state == State.BODY && body.awaitsEnd() && !lost) {
            ByteBuf rest = body.end(TrailerFields.NONE, ctx.alloc());
            if (rest != null) {
                current.responseBody(rest, true);
            }
            current.responseEnd(this, false, TrailerFields.NONE);
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
            output.end();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            // A failed read closes the channel by itself, a failed write closes its output: either event follows.
            lost = true;
            return;
        }
        h1.exchanges.troubled(cause);
        lost = true;
        ctx.close();
    }
}
