package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameSizePolicy;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.collection.CharObjectMap;

/**
 * Puts frames (RFC 9113, 6) one behind the other into a connection's {@link FrameOutput}, no object and no write a frame. A
 * frame counts as written once it is there: what fails after that ends the connection, and with it every stream.
 */
final class FrameWriter implements Http2FrameWriter, Http2FrameWriter.Configuration, Http2FrameSizePolicy {
    private final FrameOutput out;
    private final Http2HeadersEncoder encoder = new EncodedFields.Encoder();
    private int maxFrameSize = Http2CodecUtil.DEFAULT_MAX_FRAME_SIZE;

    FrameWriter(FrameOutput out) {
        this.out = out;
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx,
            int streamId,
            ByteBuf data,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        try {
            int left = data.readableBytes();
            do {
                int size = Math.min(left, maxFrameSize);
                left -= size;
                ByteBuf to = out.reserve(FrameInput.HEADER_BYTES + size);
                header(to, size, Http2FrameTypes.DATA, endStream && left == 0 ? Http2Flags.END_STREAM : 0, streamId);
                to.writeBytes(data, size);
                out.dataWritten(streamId, size);
            } while (left > 0);
        } finally {
            data.release();
        }
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        ByteBuf to = out.reserve(FrameInput.HEADER_BYTES);
        int start = to.writerIndex();
        int flags = endStream ? Http2Flags.END_STREAM : 0;
        header(to, 0, Http2FrameTypes.HEADERS, flags | Http2Flags.END_HEADERS, streamId);
        try {
            encoder.encodeHeaders(streamId, headers, to);
        } catch (Http2Exception e) {
            to.writerIndex(start);
            return promise.setFailure(e);
        }
        int size = to.writerIndex() - start - FrameInput.HEADER_BYTES;
        if (size <= maxFrameSize) {
            to.setMedium(start, size);
        } else {
            split(to, start, size, flags, streamId);
        }
        return promise.setSuccess();
    }

    /** Makes of one frame that is too long a HEADERS frame and as many CONTINUATION frames as it takes (RFC 9113, 6.10). */
    private void split(ByteBuf to, int start, int size, int flags, int streamId) {
        byte[] block = new byte[size];
        to.getBytes(start + FrameInput.HEADER_BYTES, block);
        to.writerIndex(start);
        for (int at = 0; at < size; at += maxFrameSize) {
            int part = Math.min(maxFrameSize, size - at);
            int last = at + part == size ? Http2Flags.END_HEADERS : 0;
            if (at == 0) {
                header(to, part, Http2FrameTypes.HEADERS, flags | last, streamId);
            } else {
                header(to, part, Http2FrameTypes.CONTINUATION, last, streamId);
            }
            to.writeBytes(block, at, part);
        }
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        return writeHeaders(ctx, streamId, headers, padding, endStream, promise);
    }

    @Override
    public ChannelFuture writeRstStream(
            ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
        frame(4, Http2FrameTypes.RST_STREAM, 0, streamId).writeInt((int) errorCode);
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture writeSettings(ChannelHandlerContext ctx, Http2Settings settings, ChannelPromise promise) {
        ByteBuf to = frame(6 * settings.size(), Http2FrameTypes.SETTINGS, 0, 0);
        for (CharObjectMap.PrimitiveEntry<Long> entry : settings.entries()) {
            to.writeShort(entry.key());
            to.writeInt(entry.value().intValue());
        }
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext ctx, ChannelPromise promise) {
        frame(0, Http2FrameTypes.SETTINGS, Http2Flags.ACK, 0);
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture writePing(ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
        frame(8, Http2FrameTypes.PING, ack ? Http2Flags.ACK : 0, 0).writeLong(data);
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture writeGoAway(
            ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData, ChannelPromise promise) {
        try {
            frame(8 + debugData.readableBytes(), Http2FrameTypes.GO_AWAY, 0, 0)
                    .writeInt(lastStreamId)
                    .writeInt((int) errorCode)
                    .writeBytes(debugData);
        } finally {
            debugData.release();
        }
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture writeWindowUpdate(
            ChannelHandlerContext ctx, int streamId, int windowSizeIncrement, ChannelPromise promise) {
        frame(4, Http2FrameTypes.WINDOW_UPDATE, 0, streamId).writeInt(windowSizeIncrement);
        return promise.setSuccess();
    }

    /** Deprecated by RFC 9113, 5.3.2. */
    @Override
    public ChannelFuture writePriority(
            ChannelHandlerContext ctx,
            int streamId,
            int streamDependency,
            short weight,
            boolean exclusive,
            ChannelPromise promise) {
        throw new UnsupportedOperationException();
    }

    /** Nothing is pushed here. */
    @Override
    public ChannelFuture writePushPromise(
            ChannelHandlerContext ctx,
            int streamId,
            int promisedStreamId,
            Http2Headers headers,
            int padding,
            ChannelPromise promise) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChannelFuture writeFrame(
            ChannelHandlerContext ctx,
            byte frameType,
            int streamId,
            Http2Flags flags,
            ByteBuf payload,
            ChannelPromise promise) {
        throw new UnsupportedOperationException();
    }

    private ByteBuf frame(int size, byte type, int flags, int streamId) {
        ByteBuf to = out.reserve(FrameInput.HEADER_BYTES + size);
        header(to, size, type, flags, streamId);
        return to;
    }

    private static void header(ByteBuf to, int size, byte type, int flags, int streamId) {
        to.writeMedium(size).writeByte(type).writeByte(flags).writeInt(streamId);
    }

    @Override
    public Configuration configuration() {
        return this;
    }

    @Override
    public Http2HeadersEncoder.Configuration headersConfiguration() {
        return encoder.configuration();
    }

    @Override
    public Http2FrameSizePolicy frameSizePolicy() {
        return this;
    }

    @Override
    public void maxFrameSize(int max) {
        // Longer frames than those that everybody takes gain nothing, and keep other streams waiting.
        maxFrameSize = Math.min(max, Http2CodecUtil.DEFAULT_MAX_FRAME_SIZE);
    }

    @Override
    public int maxFrameSize() {
        return maxFrameSize;
    }

    @Override
    public void close() {}
}
