package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Stream;
import io.scrimplb.proxy.transport.LingeringClose;
import io.scrimplb.proxy.transport.StallWatch;

/**
 * What goes out on a stream: heads, data as the peer's windows allow, a trailer. Data that has to wait is held here and
 * counted, over the connection and over all.
 */
final class StreamOutput {
    private final StreamConnection connection;
    private final Http2Stream stream;
    private boolean ended;
    private boolean blocked;
    private boolean closed;
    private int queuedBytes;
    private long bytesOut;
    private long writtenBytes;
    private final StallWatch finish = new StallWatch();

    StreamOutput(StreamConnection connection, Http2Stream stream) {
        this.connection = connection;
        this.stream = stream;
    }

    /** Whether nothing more can be put: its last was, or the stream is closed. */
    boolean closed() {
        return closed || ended;
    }

    /** Whether its last was put. */
    boolean ended() {
        return ended;
    }

    /** Bytes put so far. */
    long bytesOut() {
        return bytesOut;
    }

    /** Puts a field section. */
    void fields(EncodedFields fields, boolean last) {
        if (closed()) {
            return;
        }
        ended = last;
        bytesOut += fields.length() + FrameInput.HEADER_BYTES;
        ChannelHandlerContext ctx = connection.context();
        connection.codec().encoder().writeHeaders(ctx, stream.id(), fields, 0, last, ctx.newPromise());
    }

    /**
     * Puts data, which becomes this stream's.
     *
     * @return false when it would have to wait and must not, since so much waits here and elsewhere
     */
    boolean data(ByteBuf part, boolean last) {
        int size = part.readableBytes();
        if (closed() || (size == 0 && !last)) {
            part.release();
            return true;
        }
        if (size > 0 && connection.full() && !isWritable()) {
            part.release();
            return false;
        }
        ended = last;
        bytesOut += size + FrameInput.HEADER_BYTES;
        Codec codec = connection.codec();
        ByteBuf own = part;
        if (size > 0 && (queuedBytes > 0 || size > codec.room(stream))) {
            // What waits must not hold the buffer, shared by all connections of the loop, that it was read into.
            own = connection.context().alloc().directBuffer(size).writeBytes(part);
            part.release();
        }
        queuedBytes += size;
        connection.hold(size);
        ChannelHandlerContext ctx = connection.context();
        codec.encoder().writeData(ctx, stream.id(), own, 0, last, ctx.newPromise());
        codec.push();
        return true;
    }

    /** Whether all data that was put has gone out. */
    boolean isSent() {
        return queuedBytes == 0;
    }

    /** So much of the data has gone out. */
    void written(int bytes) {
        queuedBytes -= bytes;
        writtenBytes += bytes;
        connection.hold(-bytes);
    }

    /** Whether data that is put now goes out soon; if not, {@link #unblocked} tells when that has changed. */
    boolean isWritable() {
        boolean writable = !closed && connection.codec().takes(stream, queuedBytes);
        if (!writable && !blocked) {
            blocked = true;
            connection.blocked();
        }
        return writable;
    }

    /** The connection has put out what it could: whether somebody who was told to wait may go on. */
    boolean unblocked() {
        if (!blocked) {
            return false;
        }
        blocked = false;
        return isWritable();
    }

    /** Changes when bytes that waited went out. */
    long pendingMark() {
        return writtenBytes + LingeringClose.pendingMark(connection.context().channel());
    }

    /** The response is put; the client may take the end of it slowly, as long as it takes something. */
    void finishing(long nowNanos) {
        finish.restart(nowNanos);
    }

    /** Whether the client took nothing of the end for too long. */
    boolean stalls(long nowNanos, long allowedNanos) {
        return finish.still(pendingMark(), nowNanos) > allowedNanos;
    }

    void close() {
        closed = true;
        connection.hold(-queuedBytes);
        queuedBytes = 0;
    }
}
