package io.scrimplb.proxy.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.ProxyContext;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.transport.ClientAddresses;
import io.scrimplb.proxy.transport.Loop;
import io.scrimplb.proxy.transport.ProxyHeaderParser;
import io.scrimplb.proxy.transport.Swept;
import org.jspecify.annotations.Nullable;

/**
 * Takes the PROXY header off the beginning of a connection from a trusted peer, then leaves. A peer may send none: neither a
 * request that is accepted here nor a TLS record begins as a header does. The protocol's description forbids such guessing,
 * lest strangers tell addresses; here they cannot, since only connections of trusted peers get this handler, and what such a
 * peer lets strangers begin with, it could let them say in X-Forwarded-For just as well.
 */
final class ProxyHeaderReader extends ChannelInboundHandlerAdapter implements Swept {
    /** What depends on the header, and so what becomes of a client that says nothing. */
    enum Wait {
        /** Clients speak first, and nothing begins before: a silent one is closed when it has been idle for too long. */
        FOR_THE_CLIENT,
        /**
         * The endpoint shall be told who the client is, so nothing begins before that is known; but the client may be waiting
         * for the endpoint to speak, so one that is silent for {@link #SILENCE_NANOS} has no header.
         */
        FOR_A_WHILE,
        /** Only the log depends on it: the session begins at once, and the client's first bytes are looked at when they come. */
        NOT
    }

    /** "At least 3 seconds to cover a TCP retransmit" (2). */
    private static final long SILENCE_NANOS = 3_000_000_000L;

    private final Loop loop;
    private final ProxyContext context;
    private final ListenerHandle listener;
    private final Wait wait;
    private final ProxyHeaderParser parser = new ProxyHeaderParser();
    private @Nullable ChannelHandlerContext ctx;
    private int sweepIndex = NOT_SWEPT;
    private long sinceNanos;
    private int consumed;
    private boolean done;

    ProxyHeaderReader(Loop loop, ProxyContext context, ListenerHandle listener, Wait wait) {
        this.loop = loop;
        this.context = context;
        this.listener = listener;
        this.wait = wait;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        sinceNanos = loop.tick();
        loop.enlist(this);
        if (wait == Wait.NOT) {
            context.fireChannelActive();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (done) {
            bytes.release();
            return;
        }
        if (!parser.begun()) {
            sinceNanos = loop.tick();
        }
        int start = bytes.readerIndex();
        ProxyHeaderParser.Verdict verdict = parser.read(bytes);
        switch (verdict) {
            case MORE -> {
                consumed += bytes.readerIndex() - start;
                bytes.release();
            }
            case MALFORMED -> {
                bytes.release();
                refuse(context, ErrorCause.BAD_PROXY_HEADER);
            }
            case HEADER -> {
                listener.counters().received(loop.index(), consumed + bytes.readerIndex() - start);
                consumed = 0;
                ClientAddresses.tell(context.channel(), parser.header());
                begin(context, bytes);
            }
            case NONE -> begin(context, bytes.readerIndex(start));
        }
    }

    /** Lets the other handlers begin, with the bytes that are theirs. */
    private void begin(ChannelHandlerContext context, @Nullable ByteBuf bytes) {
        done = true;
        loop.dismiss(this);
        Channel channel = context.channel();
        if (wait == Wait.FOR_A_WHILE) {
            // A session reads when it has an endpoint.
            channel.config().setAutoRead(false);
        }
        if (wait != Wait.NOT) {
            context.fireChannelActive();
        }
        if (consumed > 0 && channel.isActive()) {
            context.fireChannelRead(context.alloc().directBuffer(consumed).writeBytes(parser.taken(), 0, consumed));
        }
        if (bytes != null && bytes.isReadable() && channel.isActive()) {
            context.fireChannelRead(bytes);
        } else if (bytes != null) {
            bytes.release();
        }
        if (!context.isRemoved()) {
            context.pipeline().remove(this);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !done) {
            if (parser.certain()) {
                refuse(context, ErrorCause.BAD_PROXY_HEADER);
                return;
            }
            begin(context, null);
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        done = true;
        loop.dismiss(this);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (wait == Wait.NOT) {
            context.fireExceptionCaught(cause);
        } else {
            context.close();
        }
    }

    /** Without a word: whoever cannot say a header right would not understand it. */
    private void refuse(ChannelHandlerContext context, ErrorCause cause) {
        done = true;
        loop.dismiss(this);
        this.context.unattributed().error(loop.index(), cause);
        context.close();
    }

    @Override
    public void sweep(long nowNanos) {
        ChannelHandlerContext present = ctx;
        if (present == null) {
            return;
        }
        long still = nowNanos - sinceNanos;
        if (parser.begun()) {
            if (still > context.snapshot().deadlines().clientHeader()) {
                refuse(present, ErrorCause.HEADER_TIMEOUT);
            }
        } else if (wait == Wait.FOR_A_WHILE && still > SILENCE_NANOS) {
            begin(present, null);
        } else if (wait == Wait.FOR_THE_CLIENT
                && still > context.snapshot().deadlines().clientIdle()) {
            present.close();
        }
    }

    @Override
    public void drain() {
        ChannelHandlerContext present = ctx;
        boolean ends = context.draining() || listener.retired();
        if (present != null && ends && wait != Wait.NOT && !parser.begun()) {
            present.close();
        }
    }

    @Override
    public void abort() {
        ChannelHandlerContext present = ctx;
        if (present != null) {
            present.close();
        }
    }

    @Override
    public int sweepIndex() {
        return sweepIndex;
    }

    @Override
    public void sweepIndex(int index) {
        sweepIndex = index;
    }
}
