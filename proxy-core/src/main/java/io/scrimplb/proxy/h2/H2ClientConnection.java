package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.scrimplb.proxy.exchange.ClientPeer;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.tls.TlsSession;
import io.scrimplb.proxy.transport.LingeringClose;
import io.scrimplb.proxy.transport.Swept;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/2 connection: reads frames, begins a stream for each request, and sends once a turn of the loop what all its
 * streams have put. It ends when it has been idle for too long, when its listener goes, or when the client breaks a rule.
 */
public final class H2ClientConnection extends ChannelInboundHandlerAdapter
        implements Swept, StreamConnection, Codec.Owner, FrameOutput.Watcher {
    private static final Logger log = LoggerFactory.getLogger(H2ClientConnection.class);

    private final H2Loop h2;
    private final ListenerHandle listener;
    private final @Nullable TlsSession tls;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Codec codec;
    private @Nullable Streams<H2ClientStream> streams;
    private @Nullable FlushTurn turn;
    private @Nullable ClientPeer peer;
    private final Preface preface;
    private boolean greeted;
    private final ConnectionDeadlines times = new ConnectionDeadlines();
    private final GracefulShutdown shutdown = new GracefulShutdown();
    private long heldBytes;
    private int sweepIndex = NOT_SWEPT;

    private H2ClientConnection(H2Loop h2, ListenerHandle listener, @Nullable TlsSession tls, Preface preface) {
        this.h2 = h2;
        this.listener = listener;
        this.tls = tls;
        this.preface = preface;
    }

    /** A connection on which HTTP/2 was agreed by ALPN (RFC 9113, 3.2). */
    public static H2ClientConnection agreed(H2Loop h2, ListenerHandle listener, TlsSession tls) {
        return new H2ClientConnection(h2, listener, tls, new Preface(0));
    }

    /** A connection in clear text whose client just knows (RFC 9113, 3.3), and whose first line and empty line were read. */
    public static H2ClientConnection priorKnowledge(H2Loop h2, ListenerHandle listener) {
        return new H2ClientConnection(h2, listener, null, new Preface(Preface.HEAD_BYTES));
    }

    // ---- what the channel tells

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Http2Exception {
        ctx = context;
        h2.loop().share(context.channel());
        if (context.channel().isActive()) {
            begin(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Http2Exception {
        if (codec == null) {
            begin(context);
        }
        context.fireChannelActive();
    }

    private void begin(ChannelHandlerContext context) throws Http2Exception {
        times.begin(h2.loop().tick());
        FrameOutput output = new FrameOutput(context.channel(), h2.loop().sendingTo(context.channel()), this);
        Codec made = new Codec(
                context,
                true,
                new FieldSectionDecoder(h2.section(), () -> snapshot().limits()),
                new H2ClientFrames(this),
                output,
                h2.loop()::now,
                this);
        codec = made;
        Streams<H2ClientStream> all = new Streams<>(made.connection());
        streams = all;
        turn = new FlushTurn(h2, this, made, all);
        made.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                H2ClientStream ended = all.of(stream);
                if (ended != null) {
                    ended.closed();
                }
                times.idleSince(h2.loop().now());
            }
        });
        h2.loop().enlist(this);
        made.open(H2Limits.settings(snapshot().limits()), H2Limits.CONNECTION_WINDOW_BYTES);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        times.read(h2.loop().tick());
        ByteBuf in = (ByteBuf) message;
        try {
            listener.counters().received(h2.loop().index(), in.readableBytes());
            Codec to = codec;
            if (to != null && !to.closed() && preface(in, to)) {
                to.read(in);
            }
        } finally {
            in.release();
        }
    }

    /** Takes the preface; whether it is behind us. */
    private boolean preface(ByteBuf in, Codec to) {
        if (!preface.take(in)) {
            connectionError(
                    Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "not a connection preface"), true);
        }
        return preface.whole() && !to.closed();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Streams<H2ClientStream> all = streams;
        if (all != null) {
            all.flushOthers();
        }
        Codec of = codec;
        if (of == null || of.closed()) {
            return;
        }
        if (greeted) {
            times.readCompleted(of, h2.loop().now());
        }
        // Windows may have grown.
        dirty();
        updateReading(context.channel());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        h2.loop().tick();
        Codec of = codec;
        if (of != null && !of.closed() && context.channel().isWritable()) {
            dirty();
            updateReading(context.channel());
        }
    }

    private static void updateReading(Channel channel) {
        boolean read = channel.bytesBeforeWritable() <= H2Limits.MAX_UNSENT_BYTES;
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        h2.loop().tick();
        h2.loop().dismiss(this);
        Codec of = codec;
        if (of != null) {
            of.close();
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            h2.exchanges().troubled(cause);
        }
        context.close();
    }

    // ---- what goes out

    @Override
    public void dirty() {
        FlushTurn present = turn;
        if (present != null) {
            present.dirty();
        }
    }

    /** A stream waits until it may write again. */
    @Override
    public void blocked() {
        streams().blocked();
    }

    @Override
    public void dataWritten(int streamId, int bytes) {
        codec().guard().sent(bytes);
        streams().written(streamId, bytes);
    }

    @Override
    public void sent(int bytes) {
        listener.counters().sent(h2.loop().index(), bytes);
    }

    // ---- what streams use

    @Override
    public H2Loop h2() {
        return h2;
    }

    ListenerHandle listener() {
        return listener;
    }

    boolean secure() {
        return tls != null;
    }

    @Override
    public ChannelHandlerContext context() {
        ChannelHandlerContext present = ctx;
        if (present == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return present;
    }

    @Override
    public Codec codec() {
        Codec present = codec;
        if (present == null) {
            throw new IllegalStateException("not connected");
        }
        return present;
    }

    Snapshot snapshot() {
        return h2.exchanges().context().snapshot();
    }

    ClientPeer peer() {
        ClientPeer known = peer;
        if (known == null) {
            known = ClientPeer.of(context().channel(), tls);
            peer = known;
        }
        return known;
    }

    Streams<H2ClientStream> streams() {
        Streams<H2ClientStream> present = streams;
        if (present == null) {
            throw new IllegalStateException("not connected");
        }
        return present;
    }

    H2ClientStream begin(Http2Stream stream) {
        H2ClientStream made = new H2ClientStream(this, stream);
        streams().put(stream, made);
        return made;
    }

    /** Bytes of bodies began to wait, or no longer do. */
    @Override
    public void hold(int bytes) {
        heldBytes += bytes;
        h2.hold(bytes);
    }

    /** Whether so much waits here and elsewhere that nothing more may. */
    @Override
    public boolean full() {
        return heldBytes > H2Limits.FAIR_BYTES && h2.full();
    }

    // ---- the end

    @Override
    public void localEnded(Http2Stream stream) {
        H2ClientStream ended = streams().of(stream);
        if (ended != null) {
            ended.localEnded();
        }
    }

    @Override
    public void connectionError(Http2Exception fault, boolean expected) {
        if (expected) {
            log.debug("connection of {} ends: {}", peer().inet(), fault.getMessage());
        } else {
            h2.exchanges().troubled(fault);
        }
        end(fault.error(), true);
    }

    /** Says why, sends what is there, and closes. */
    private void end(Http2Error code, boolean linger) {
        Codec of = codec();
        if (of.closed()) {
            return;
        }
        Channel channel = context().channel();
        of.goAway(of.connection().remote().lastStreamCreated(), code);
        of.output().flush();
        of.close();
        h2.loop().dismiss(this);
        if (context().isRemoved()) {
            return;
        }
        context().pipeline().remove(this);
        LingeringClose.of(h2.loop(), channel, linger, snapshot().deadlines().clientIdle());
    }

    /** The client has answered that it read what was sent so far. */
    void pingAcknowledged() {
        shutdown.go(codec(), true, h2.loop().now());
    }

    /** The client has spoken: its first SETTINGS came. */
    void greeted() {
        greeted = true;
    }

    @Override
    public void drain() {
        Codec of = codec;
        boolean mustClose = h2.exchanges().context().draining() || listener.retired();
        if (of == null || of.closed() || shutdown.begun() || !mustClose) {
            return;
        }
        shutdown.begin(of, context(), h2.loop().now());
        if (of.connection().numActiveStreams() == 0 && !greeted) {
            end(Http2Error.NO_ERROR, false);
        }
    }

    @Override
    public void sweep(long nowNanos) {
        // It may have come to be after its listener was told to go.
        drain();
        Codec of = codec;
        if (of == null || of.closed()) {
            return;
        }
        Snapshot.Deadlines deadlines = snapshot().deadlines();
        streams().each(stream -> stream.sweep(nowNanos));
        if (of.closed()) {
            return;
        }
        if (times.unread(context().channel(), nowNanos, deadlines)) {
            LingeringClose.reset(context().channel());
            return;
        }
        shutdown.go(of, false, nowNanos);
        boolean streams = of.connection().numActiveStreams() > 0;
        boolean idle = !streams && times.idle(nowNanos, deadlines);
        if (idle || times.slow(of, greeted, nowNanos, deadlines) || (shutdown.said() && !streams)) {
            end(Http2Error.NO_ERROR, !idle);
        }
    }

    @Override
    public void abort() {
        context().channel().close();
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
