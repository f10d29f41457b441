package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Data of a stream that came and is not taken yet. Its window is given back when it is taken, and not before; the connection's
 * is widened meanwhile by as much, while memory is plenty, so that a stream that stands still does not stop the others.
 */
final class HeldData {
    private final H2Loop h2;
    private final Codec codec;
    private final ChannelHandlerContext ctx;
    private final Http2Stream stream;
    private ByteBuf waiting = Unpooled.EMPTY_BUFFER;
    private int lentBytes;

    HeldData(H2Loop h2, Codec codec, ChannelHandlerContext ctx, Http2Stream stream) {
        this.h2 = h2;
        this.codec = codec;
        this.ctx = ctx;
        this.stream = stream;
    }

    boolean isEmpty() {
        return !waiting.isReadable();
    }

    /** Keeps a copy of what can be read. */
    void add(ByteBuf data) {
        int size = data.readableBytes();
        if (waiting.writableBytes() < size) {
            int needed = waiting.readableBytes() + size;
            ByteBuf joined = ctx.alloc().directBuffer(needed * 2).writeBytes(waiting);
            waiting.release();
            waiting = joined;
        }
        waiting.writeBytes(data);
        h2.hold(size);
        if (h2.easy()) {
            lentBytes += size;
            widen(size);
        }
    }

    /** Gives away all that waits; its window is given back. The caller releases it. */
    ByteBuf takeAll() {
        ByteBuf all = waiting;
        waiting = Unpooled.EMPTY_BUFFER;
        int size = all.readableBytes();
        if (size > 0) {
            free(size);
            consumed(size);
        }
        return all;
    }

    /** Gives back the window of bytes that were taken. */
    void consumed(int bytes) {
        try {
            codec.receiving().consumeBytes(stream, bytes);
        } catch (Http2Exception e) {
            codec.onError(ctx, true, e);
        }
    }

    /** The stream is closed; Netty's flow control has given its bytes back to the connection. */
    void close() {
        int size = waiting.readableBytes();
        waiting.release();
        waiting = Unpooled.EMPTY_BUFFER;
        if (size > 0) {
            free(size);
        }
    }

    private void free(int bytes) {
        h2.hold(-bytes);
        int back = Math.min(lentBytes, bytes);
        if (back > 0) {
            lentBytes -= back;
            widen(-back);
        }
    }

    private void widen(int bytes) {
        try {
            codec.receiving().incrementWindowSize(codec.connection().connectionStream(), bytes);
        } catch (Http2Exception e) {
            codec.onError(ctx, true, e);
        }
    }
}
