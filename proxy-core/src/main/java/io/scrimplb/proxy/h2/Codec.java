package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * One HTTP/2 connection, either side of it: Netty's frame reader, HPACK decoder, stream states and flow control, put together so
 * that a frame costs no object and no write of its own, with an {@link AbuseGuard} before them. What streams mean is the owner's
 * business. Only on its event loop.
 */
final class Codec implements FrameInput.Frames {
    /** What the codec tells. */
    interface Owner {
        /** The connection is at fault and has to end. */
        void connectionError(Http2Exception fault, boolean expected);

        /** This side of a stream has ended, the other one has not. */
        void localEnded(Http2Stream stream);
    }

    /**
     * CONTINUATION frames of less than 8 KiB in one field block (CVE-2024-27316): an honest peer sends none, or as few as the
     * block takes.
     */
    private static final int MAX_SMALL_CONTINUATIONS = 16;

    /** Where Netty's decoder would put messages, of which it makes none. */
    private static final List<Object> NOTHING = List.of();

    /** Windows are given back once half of them is used. */
    private static final float WINDOW_UPDATE_RATIO = 0.5f;

    private final Http2Connection connection;
    private final Http2ConnectionEncoder encoder;
    private final Http2ConnectionDecoder decoder;
    private final DefaultHttp2RemoteFlowController sending;
    private final DefaultHttp2LocalFlowController receiving;
    private final FrameInput input = new FrameInput();
    private final FrameOutput output;
    private final AbuseGuard guard;
    private final StreamLifecycle streams;
    private final LongSupplier clock;
    private final ChannelHandlerContext ctx;
    private boolean inBlock;
    private long frames;
    private boolean closed;

    /**
     * @param server whether the other side is the client
     * @param fields decodes what comes
     * @param clock {@link System#nanoTime()} or what stands for it
     */
    Codec(
            ChannelHandlerContext ctx,
            boolean server,
            Http2HeadersDecoder fields,
            Http2FrameListener listener,
            FrameOutput output,
            LongSupplier clock,
            Owner owner)
            throws Http2Exception {
        this.ctx = ctx;
        this.output = output;
        this.clock = clock;
        this.guard = new AbuseGuard(clock.getAsLong());
        this.connection = new DefaultHttp2Connection(server, 0);
        this.sending = new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection));
        this.receiving = new DefaultHttp2LocalFlowController(connection, WINDOW_UPDATE_RATIO, false);
        connection.remote().flowController(sending);
        connection.local().flowController(receiving);
        this.encoder = new DefaultHttp2ConnectionEncoder(connection, new FrameWriter(output));
        this.decoder = new DefaultHttp2ConnectionDecoder(
                connection,
                encoder,
                new DefaultHttp2FrameReader(fields, MAX_SMALL_CONTINUATIONS),
                Http2PromisedRequestVerifier.ALWAYS_VERIFY,
                true,
                true,
                false);
        this.streams = new StreamLifecycle(ctx, connection, encoder.frameWriter(), guard, clock, owner);
        encoder.lifecycleManager(streams);
        decoder.lifecycleManager(streams);
        decoder.frameListener(listener);
        sending.channelHandlerContext(ctx);
        receiving.channelHandlerContext(ctx);
    }

    /** Sends what is to be known of this side, and opens the connection's window for receiving. */
    void open(Http2Settings settings, int windowBytes) throws Http2Exception {
        encoder.writeSettings(ctx, settings, ctx.newPromise());
        receiving.incrementWindowSize(connection.connectionStream(), windowBytes - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
    }

    Http2Connection connection() {
        return connection;
    }

    Http2ConnectionEncoder encoder() {
        return encoder;
    }

    Http2LocalFlowController receiving() {
        return receiving;
    }

    FrameOutput output() {
        return output;
    }

    AbuseGuard guard() {
        return guard;
    }

    /** Whether a frame, or a field block in several of them, has begun and not ended. */
    boolean inFrame() {
        return input.inFrame() || inBlock;
    }

    /** Whether that frame is one of data. */
    boolean inData() {
        return input.inData();
    }

    /** Frames that came, a field block in several of them being one. */
    long frames() {
        return frames;
    }

    // ---- what comes

    /** Takes what was read, which stays the caller's. */
    void read(ByteBuf in) {
        try {
            input.feed(in, this, ctx.alloc());
        } catch (Http2Exception | RuntimeException e) {
            streams.onError(ctx, false, e);
        }
    }

    @Override
    public void frame(int size, byte type, int flags, int streamId) throws Http2Exception {
        if (!closed) {
            guard.frame(size, type, flags, clock.getAsLong());
            if (type == Http2FrameTypes.HEADERS && connection.isServer()) {
                streams.mayBegin(streamId);
            }
            boolean block = type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION;
            inBlock = block && (flags & Http2Flags.END_HEADERS) == 0;
            if (!inBlock) {
                frames++;
            }
        }
    }

    @Override
    public void decode(ByteBuf whole) {
        if (closed) {
            return;
        }
        try {
            decoder.decodeFrame(ctx, whole, NOTHING);
        } catch (Http2Exception | RuntimeException e) {
            streams.onError(ctx, false, e);
        }
    }

    // ---- what goes

    /** Puts out what windows and the socket allow of what waits. */
    void push() {
        if (!closed) {
            try {
                sending.writePendingBytes();
            } catch (Http2Exception | RuntimeException e) {
                failed(e);
            }
        }
    }

    /** Bytes that a stream may send at once. */
    int room(Http2Stream stream) {
        return Math.min(Math.min(sending.windowSize(stream), sending.windowSize(connection.connectionStream())), (int)
                Math.min(Integer.MAX_VALUE, ctx.channel().bytesBeforeUnwritable()));
    }

    /**
     * Whether more than so many bytes of a stream could go out now. What other streams have put and may not send yet does not
     * count, other than for Netty's own {@code isWritable}: one that stands still must not stop them.
     */
    boolean takes(Http2Stream stream, int queuedBytes) {
        return ctx.channel().isWritable()
                && sending.windowSize(stream) > queuedBytes
                && sending.windowSize(connection.connectionStream()) > queuedBytes;
    }

    /** Resets a stream, unless that has been done. */
    void reset(Http2Stream stream, Http2Error code) {
        streams.reset(stream, code);
    }

    /** Says which streams will still be served; see RFC 9113, 6.8. */
    void goAway(int lastStreamId, Http2Error code) {
        streams.goAway(lastStreamId, code);
    }

    /** Something went wrong that is not the peer's doing. */
    void failed(Throwable cause) {
        streams.onError(ctx, true, cause);
    }

    /** Ends every stream and gives up what the codec holds; nothing is read or sent any more. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        streams.close();
        connection.close(ctx.newPromise());
        decoder.close();
        encoder.close();
        input.close();
        output.close();
    }

    boolean closed() {
        return closed;
    }
}
