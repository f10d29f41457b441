package io.scrimplb.proxy.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.ProxyContext;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.tcp.TcpSession;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.tls.ClientHelloReader;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.transport.Loop;
import io.scrimplb.proxy.transport.Swept;
import io.scrimplb.proxy.upstream.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the ClientHello of a TLS connection at a listener with passthroughs, and relays the connection, what was looked at
 * included, when its name is one of them. Any other connection goes on to the handler behind this one, as it came; where there is
 * none, nobody decrypts here, and the client is told so (RFC 6066, 3).
 */
final class PassthroughReader extends ChannelInboundHandlerAdapter implements Swept {
    /** A record with the fatal alert unrecognized_name (RFC 8446, 6). */
    private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};

    private final EventLoops loops;
    private final Loop loop;
    private final ProxyContext context;
    private final ListenerHandle listener;
    private final ClientHelloReader reader = new ClientHelloReader();
    private @Nullable ChannelHandlerContext ctx;

    /** What came so far, when it was not all of it: no more than {@link ClientHelloReader#MAX_BYTES} and one read. */
    private ByteBuf gathered = Unpooled.EMPTY_BUFFER;

    private int sweepIndex = NOT_SWEPT;
    private long sinceNanos;
    private boolean done;

    PassthroughReader(EventLoops loops, Loop loop, ProxyContext context, ListenerHandle listener) {
        this.loops = loops;
        this.loop = loop;
        this.context = context;
        this.listener = listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        loop.share(context.channel());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        sinceNanos = loop.tick();
        loop.enlist(this);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (done) {
            bytes.release();
            return;
        }
        if (gathered.isReadable()) {
            gathered.writeBytes(bytes);
            bytes.release();
            bytes = gathered;
        }
        ClientHelloReader.State state = reader.read(bytes);
        if (state == ClientHelloReader.State.INCOMPLETE) {
            // It must not hold on to the far larger buffer that it was read into, which the loop shares.
            gathered = gathered.isReadable()
                    ? gathered
                    : context.alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes);
            if (bytes != gathered) {
                bytes.release();
            }
            return;
        }
        gathered = Unpooled.EMPTY_BUFFER;
        done = true;
        loop.dismiss(this);
        String host = state == ClientHelloReader.State.COMPLETE ? reader.hello().serverName() : null;
        Snapshot snapshot = this.context.snapshot();
        Upstream upstream = state == ClientHelloReader.State.COMPLETE ? snapshot.passthrough(listener, host) : null;
        if (upstream != null) {
            context.pipeline().remove(this);
            new TcpSession(loops, loop, this.context, listener)
                    .passThrough(context.channel(), snapshot, upstream, host, bytes);
        } else if (context.pipeline().last() == this) {
            bytes.release();
            refuse(context.channel(), state);
        } else {
            context.fireChannelRead(bytes);
            if (!context.isRemoved()) {
                context.pipeline().remove(this);
            }
        }
    }

    private void refuse(Channel channel, ClientHelloReader.State state) {
        context.unattributed()
                .error(
                        loop.index(),
                        state == ClientHelloReader.State.COMPLETE ? ErrorCause.UNKNOWN_HOST : ErrorCause.BAD_REQUEST);
        if (state == ClientHelloReader.State.COMPLETE) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(UNRECOGNIZED_NAME)).addListener(ChannelFutureListener.CLOSE);
        } else {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        drop();
        context.fireChannelInactive();
    }

    private void drop() {
        done = true;
        loop.dismiss(this);
        ByteBuf held = gathered;
        gathered = Unpooled.EMPTY_BUFFER;
        held.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    @Override
    public void sweep(long nowNanos) {
        if (nowNanos - sinceNanos > context.snapshot().deadlines().clientHeader()) {
            context.unattributed().error(loop.index(), ErrorCause.HEADER_TIMEOUT);
            abort();
        }
    }

    /** Nothing is in flight before the ClientHello, which comes soon. */
    @Override
    public void drain() {
        if (!gathered.isReadable() && (context.draining() || listener.retired())) {
            abort();
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
