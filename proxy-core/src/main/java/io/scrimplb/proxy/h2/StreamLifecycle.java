package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.function.LongSupplier;

/**
 * How streams begin and end on one connection: what Netty's codec asks of its owner. An error of one stream resets that stream,
 * and is charged to the peer; any other one ends the connection. Only on its event loop.
 */
final class StreamLifecycle implements Http2LifecycleManager {
    private final ChannelHandlerContext ctx;
    private final Http2Connection connection;
    private final Http2FrameWriter frames;
    private final AbuseGuard guard;
    private final LongSupplier clock;
    private final Codec.Owner owner;
    private final StreamHistory history = new StreamHistory();
    private boolean closed;

    StreamLifecycle(
            ChannelHandlerContext ctx,
            Http2Connection connection,
            Http2FrameWriter frames,
            AbuseGuard guard,
            LongSupplier clock,
            Codec.Owner owner) {
        this.ctx = ctx;
        this.connection = connection;
        this.frames = frames;
        this.guard = guard;
        this.clock = clock;
        this.owner = owner;
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamAdded(Http2Stream stream) {
                history.opened(stream.id());
            }
        });
    }

    /** Nothing is sent or told any more. */
    void close() {
        closed = true;
    }

    /** Whether HEADERS on a stream begin it or end it; what else they are is an error of the connection here. */
    void mayBegin(int streamId) throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        if (stream != null) {
            if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
                throw Http2Exception.connectionError(Http2Error.STREAM_CLOSED, "HEADERS on a stream that has ended");
            }
            return;
        }
        if ((streamId & 1) == 1 && streamId <= connection.remote().lastStreamCreated()) {
            if (!history.wasUsed(streamId)) {
                throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "a stream out of order");
            }
            if (!history.wasReset(streamId)) {
                throw Http2Exception.connectionError(Http2Error.STREAM_CLOSED, "HEADERS on a stream that is closed");
            }
            // A trailer that crossed our RST_STREAM: it is decoded for nothing.
            guard.idle(1, clock.getAsLong());
        }
    }

    /** Resets a stream, unless that has been done. */
    void reset(Http2Stream stream, Http2Error code) {
        resetStream(ctx, stream, code.code());
    }

    /** Says which streams will still be served; see RFC 9113, 6.8. */
    void goAway(int lastStreamId, Http2Error code) {
        try {
            connection.goAwaySent(lastStreamId, code.code(), Unpooled.EMPTY_BUFFER);
        } catch (Http2Exception e) {
            // It would rise: another one was sent before that says less.
            return;
        }
        frames.writeGoAway(ctx, lastStreamId, code.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
    }

    @Override
    public void closeStreamLocal(Http2Stream stream, ChannelFuture future) {
        switch (stream.state()) {
            case OPEN -> {
                stream.closeLocalSide();
                owner.localEnded(stream);
            }
            case HALF_CLOSED_LOCAL -> {}
            default -> stream.close();
        }
    }

    @Override
    public void closeStreamRemote(Http2Stream stream, ChannelFuture future) {
        switch (stream.state()) {
            case OPEN, HALF_CLOSED_REMOTE -> stream.closeRemoteSide();
            default -> stream.close();
        }
    }

    @Override
    public void closeStream(Http2Stream stream, ChannelFuture future) {
        stream.close();
    }

    @Override
    public ChannelFuture resetStream(
            ChannelHandlerContext context, int streamId, long errorCode, ChannelPromise promise) {
        Http2Stream stream = connection.stream(streamId);
        if (stream == null) {
            return frames.writeRstStream(context, streamId, errorCode, promise);
        }
        resetStream(context, stream, errorCode);
        return promise.setSuccess();
    }

    private void resetStream(ChannelHandlerContext context, Http2Stream stream, long errorCode) {
        if (!stream.isResetSent() && !closed) {
            stream.resetSent();
            history.reset(stream.id());
            frames.writeRstStream(context, stream.id(), errorCode, context.newPromise());
            stream.close();
        }
    }

    @Override
    public ChannelFuture goAway(
            ChannelHandlerContext context,
            int lastStreamId,
            long errorCode,
            ByteBuf debugData,
            ChannelPromise promise) {
        debugData.release();
        goAway(lastStreamId, Http2Error.valueOf(errorCode));
        return promise.setSuccess();
    }

    @Override
    public void onError(ChannelHandlerContext context, boolean outbound, Throwable cause) {
        if (closed) {
            return;
        }
        Http2Exception fault = Http2CodecUtil.getEmbeddedHttp2Exception(cause);
        try {
            if (fault instanceof Http2Exception.StreamException stream) {
                streamError(stream, outbound);
            } else if (fault instanceof Http2Exception.CompositeStreamException several) {
                for (Http2Exception.StreamException stream : several) {
                    streamError(stream, outbound);
                }
            } else if (fault != null) {
                owner.connectionError(fault, true);
            } else {
                owner.connectionError(new Http2Exception(Http2Error.INTERNAL_ERROR, "trouble", cause), false);
            }
        } catch (Http2Exception calm) {
            owner.connectionError(calm, true);
        }
    }

    private void streamError(Http2Exception.StreamException fault, boolean outbound) throws Http2Exception {
        Http2Stream stream = connection.stream(fault.streamId());
        if (outbound) {
            // What waited for a stream that has ended.
            if (stream != null && stream.state() != Http2Stream.State.CLOSED) {
                reset(stream, fault.error());
            }
            return;
        }
        if (stream == null && fault.error() == Http2Error.STREAM_CLOSED && history.wasReset(fault.streamId())) {
            // It was under way when we reset the stream, and is no fault (RFC 9113, 5.1). Netty has given its window
            // back.
            return;
        }
        if (fault.error() == Http2Error.REFUSED_STREAM) {
            // A client that has not read our SETTINGS yet may open many more streams than these allow.
            guard.idle(1, clock.getAsLong());
        } else {
            guard.reset(clock.getAsLong());
        }
        if (stream != null) {
            reset(stream, fault.error());
        } else {
            frames.writeRstStream(ctx, fault.streamId(), fault.error().code(), ctx.newPromise());
        }
    }
}
