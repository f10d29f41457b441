package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.exchange.Exchange;
import io.scrimplb.proxy.exchange.OutgoingRequest;
import io.scrimplb.proxy.transport.Swept;
import io.scrimplb.proxy.upstream.ConnectionPool;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to an endpoint that speaks HTTP/2, shared by the exchanges of one event loop. Those that wait for it while it is
 * being made begin once the endpoint's SETTINGS tell how many it takes, the first one at once. It ends when nobody has needed it
 * for a while, when the endpoint is gone or says that it goes, or when nothing comes of it although something should.
 */
final class H2OriginConnection extends ChannelInboundHandlerAdapter
        implements Swept, StreamConnection, Codec.Owner, FrameOutput.Watcher {
    /** Streams at the same time, however many more the endpoint allows; further exchanges get another connection. */
    static final int MAX_STREAMS = 100;

    /**
     * More than the windows of all streams together, which are what bounds them: however many stand still, the others have a
     * window. Twice as much, since it is given back when half of it is used.
     */
    private static final int CONNECTION_WINDOW_BYTES = 2 * MAX_STREAMS * WideningWindow.MAX_BYTES;

    /** The last stream but one that a connection can have (RFC 9113, 5.1.1). */
    private static final int LAST_STREAM = Integer.MAX_VALUE - 2;

    private static final Logger log = LoggerFactory.getLogger(H2OriginConnection.class);

    private final H2Loop h2;
    private final H2Connections connections;
    private final Endpoint endpoint;
    private final Duration timeout;
    private final boolean secure;
    private final boolean single;
    private final Silence silence = new Silence();
    private final WaitingExchanges waiting;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Codec codec;
    private @Nullable Streams<H2OriginStream> streams;
    private @Nullable FlushTurn turn;
    private boolean greeted;
    private boolean closing;
    private int lastServed = Integer.MAX_VALUE;
    private long beganNanos;
    private long usedNanos;
    private int sweepIndex = NOT_SWEPT;

    /**
     * @param timeout for the endpoint to say that it speaks HTTP/2
     * @param secure whether it is made by TLS
     * @param single whether it serves one exchange, since it began with the address of that one's client
     * @param elsewhere takes exchanges that wait when there is no room for them
     */
    H2OriginConnection(
            H2Loop h2,
            H2Connections connections,
            Endpoint endpoint,
            Duration timeout,
            boolean secure,
            boolean single,
            Consumer<WaitingExchange> elsewhere) {
        this.h2 = h2;
        this.connections = connections;
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.waiting = new WaitingExchanges(elsewhere);
        this.secure = secure;
        this.single = single;
        this.usedNanos = h2.loop().now();
    }

    // ---- what exchanges ask for

    /** Whether it takes another stream now, or once it stands. */
    boolean hasRoom() {
        if (closing) {
            return false;
        }
        // More than it can be expected to take have another one made meanwhile, rather than once this one stands.
        return greeted
                ? mayOpen()
                : waiting.count() + (served() ? 1 : 0) < connections.expectedStreams(endpoint.state());
    }

    /** Streams that it takes at the same time, once it stands; at least one, without which it would serve nobody. */
    int mostStreams() {
        return Math.max(1, Math.min(MAX_STREAMS, codec().connection().local().maxActiveStreams()));
    }

    /** Whether a stream can begin now. */
    boolean mayOpen() {
        Codec of = codec;
        if (closing || of == null || of.closed()) {
            return false;
        }
        Http2Connection.Endpoint<?> own = of.connection().local();
        return own.canOpenStream() && own.numActiveStreams() < MAX_STREAMS && own.lastStreamCreated() < LAST_STREAM;
    }

    /** Whether it is known how many streams it takes. */
    boolean stands() {
        return greeted;
    }

    /** A stream for an exchange, on a connection that stands and has room. */
    H2OriginStream serve(Exchange exchange) {
        return new H2OriginStream(this, exchange, served());
    }

    /** Whether any exchange had a stream. */
    boolean served() {
        Codec of = codec;
        return of != null && of.connection().local().lastStreamCreated() > 0;
    }

    /** Has an exchange wait for the connection to stand. */
    void await(WaitingExchange one) {
        waiting.add(one);
    }

    /** There is no connection, or not one of HTTP/2. */
    void connectFailed(Throwable cause) {
        closing = true;
        connections.ended(this);
        waiting.failAll(cause);
    }

    /** The endpoint speaks HTTP/2: its first SETTINGS came. */
    void greeted() {
        if (!greeted) {
            greeted = true;
            waiting.beginAll(this);
        }
    }

    /** Begins the stream of a request, its head included; null when it cannot be begun. */
    @Nullable
    Http2Stream open(OutgoingRequest request, H2OriginStream by) {
        Codec of = codec;
        if (of == null || !mayOpen()) {
            return null;
        }
        usedNanos = h2.loop().now();
        if (of.connection().numActiveStreams() == 0) {
            silence.heard(usedNanos);
        }
        int id = of.connection().local().incrementAndGetNextStreamId();
        EncodedFields head = h2.requestFields().head(request, secure);
        boolean ends =
                request.done() && request.first().length() == request.headLength() && request.trailers().length == 0;
        ChannelHandlerContext context = context();
        of.encoder().writeHeaders(context, id, head, 0, ends, context.newPromise());
        Http2Stream made = of.connection().stream(id);
        if (made != null) {
            streams().put(made, by);
            closing |= single;
        }
        return made;
    }

    /** Tells a stream that could not be begun so, once its exchange has gone on. */
    void later(H2OriginStream stream) {
        h2.loop().executor().execute(() -> stream.lost(true));
    }

    // ---- what the channel tells

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        h2.loop().share(context.channel());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Http2Exception {
        long now = h2.loop().tick();
        silence.heard(now);
        beganNanos = now;
        usedNanos = now;
        FrameOutput output = new FrameOutput(context.channel(), h2.loop().sendingTo(context.channel()), this);
        Codec made = new Codec(
                context,
                false,
                new FieldSectionDecoder(
                        h2.section(), () -> h2.exchanges().context().snapshot().limits()),
                new H2OriginFrames(this),
                output,
                h2.loop()::now,
                this);
        codec = made;
        Streams<H2OriginStream> all = new Streams<>(made.connection());
        streams = all;
        turn = new FlushTurn(h2, this, made, all);
        made.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                usedNanos = h2.loop().now();
                H2OriginStream ended = all.of(stream);
                if (ended != null) {
                    ended.closed();
                }
            }

            @Override
            public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
                closing = true;
                lastServed = lastStreamId;
                connections.ended(H2OriginConnection.this);
            }
        });
        h2.loop().enlist(this);
        output.reserve(Preface.BYTES.length).writeBytes(Preface.BYTES);
        made.open(
                new Http2Settings()
                        .pushEnabled(false)
                        .initialWindowSize(WideningWindow.INITIAL_BYTES)
                        .maxHeaderListSize(
                                h2.exchanges().context().snapshot().limits().headerBytes()),
                CONNECTION_WINDOW_BYTES);
        // Any stream begins behind these SETTINGS, so they hold for it before the endpoint has acknowledged them.
        made.receiving().initialWindowSize(WideningWindow.INITIAL_BYTES);
        if (!waiting.beginFirst(this) && single) {
            end(Http2Error.NO_ERROR);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        silence.heard(h2.loop().tick());
        ByteBuf in = (ByteBuf) message;
        try {
            Codec to = codec;
            if (to != null && !to.closed()) {
                to.read(in);
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Streams<H2OriginStream> all = streams;
        if (all != null) {
            all.flushOthers();
        }
        Codec of = codec;
        if (of != null && !of.closed()) {
            // Windows may have grown.
            dirty();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        h2.loop().tick();
        if (context.channel().isWritable()) {
            dirty();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        h2.loop().tick();
        shut();
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
        // What goes to endpoints is counted where it comes from.
    }

    // ---- what streams use

    @Override
    public H2Loop h2() {
        return h2;
    }

    @Override
    public void hold(int bytes) {
        h2.hold(bytes);
    }

    /** What goes to an endpoint was bounded where it came from. */
    @Override
    public boolean full() {
        return false;
    }

    EndpointState endpoint() {
        return endpoint.state();
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

    Streams<H2OriginStream> streams() {
        Streams<H2OriginStream> present = streams;
        if (present == null) {
            throw new IllegalStateException("not connected");
        }
        return present;
    }

    /** Whether the endpoint has said that it does nothing with that stream (RFC 9113, 6.8). */
    boolean refuses(@Nullable Http2Stream stream) {
        return stream != null && stream.id() > lastServed;
    }

    // ---- the end

    @Override
    public void localEnded(Http2Stream stream) {
        // The response may still come.
    }

    @Override
    public void connectionError(Http2Exception fault, boolean expected) {
        if (expected) {
            log.debug(
                    "connection to {} ends: {}{}",
                    context().channel().remoteAddress(),
                    greeted ? "" : "no HTTP/2 there, ",
                    fault.getMessage());
        } else {
            h2.exchanges().troubled(fault);
        }
        end(fault.error());
    }

    /** Ends every stream. */
    private void shut() {
        closing = true;
        h2.loop().dismiss(this);
        Codec of = codec;
        if (of != null) {
            of.close();
        }
        connectFailed(new IOException("the connection ended as it began"));
    }

    /** Says why, and ends. */
    private void end(Http2Error code) {
        Codec of = codec();
        if (!of.closed()) {
            of.goAway(0, code);
            of.output().flush();
        }
        shut();
        context().close();
    }

    @Override
    public void sweep(long nowNanos) {
        Codec of = codec;
        if (of == null || of.closed()) {
            return;
        }
        if (!greeted && nowNanos - beganNanos > timeout.toNanos()) {
            // The exchange that has begun still has its own deadline.
            connectFailed(new ConnectTimeoutException("no word of HTTP/2 from " + endpoint));
        }
        if (of.connection().numActiveStreams() == 0) {
            boolean unwanted =
                    endpoint.state().retired() || h2.exchanges().context().draining();
            if (closing || unwanted || nowNanos - usedNanos > ConnectionPool.MAX_IDLE_NANOS) {
                end(Http2Error.NO_ERROR);
            }
            return;
        }
        switch (silence.look(nowNanos)) {
            case WAIT -> {}
            case ASK ->
                of.encoder().writePing(context(), false, nowNanos, context().newPromise());
            case GIVE_UP -> {
                log.debug("{} does not answer any more", context().channel().remoteAddress());
                shut();
                context().close();
            }
        }
    }

    @Override
    public void drain() {
        // The sweep ends it once its streams have.
    }

    @Override
    public void abort() {
        context().close();
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
