package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Data of a stream that came and is not taken yet. Its window is given back when it is taken, and not before. Where it
 * lends, the connection's is widened meanwhile by as much, while memory is plenty, so that a stream that stands still does not
 * stop the others.
 */
final class HeldData {
    private final StreamConnection connection;
    private final Http2Stream stream;
    private final boolean lends;
    private ByteBuf waiting = Unpooled.EMPTY_BUFFER;

    /** Bytes by which the connection's window was widened because they wait here. */
    private int lentBytes;

    HeldData(StreamConnection connection, Http2Stream stream, boolean lends) {
        this.connection = connection;
        this.stream = stream;
        this.lends = lends;
    }

    boolean isEmpty() {
        return !waiting.isReadable();
    }

    int size() {
        return waiting.readableBytes();
    }

    /** Keeps a copy of what can be read. */
    void add(ByteBuf data) {
        int size = data.readableBytes();
        if (size == 0) {
            return;
        }
        if (waiting.writableBytes() < size) {
            int needed = waiting.readableBytes() + size;
            ByteBuf joined =
                    connection.context().alloc().directBuffer(needed * 2).writeBytes(waiting);
            waiting.release();
            waiting = joined;
        }
        waiting.writeBytes(data);
        connection.hold(size);
        if (lends && connection.h2().easy()) {
            lentBytes += size;
            widen(size);
        }
    }

    /** The first bytes that wait, at most so many; they stay here, until {@link #skip}. */
    ByteBuf first(int maxBytes) {
        return waiting.slice(waiting.readerIndex(), Math.min(maxBytes, waiting.readableBytes()));
    }

    /** So many of the first bytes were taken: their window is given back. */
    void skip(int bytes) {
        waiting.skipBytes(bytes);
        if (!waiting.isReadable()) {
            release();
        }
        free(bytes);
        consume(bytes);
    }

    /** Gives away all that waits, to be released by the caller, who gives back its window by {@link #consume}. */
    ByteBuf takeAll() {
        ByteBuf all = waiting;
        waiting = Unpooled.EMPTY_BUFFER;
        if (all.isReadable()) {
            free(all.readableBytes());
        }
        return all;
    }

    /** Gives back the window of bytes that were taken. */
    void consume(int bytes) {
        Codec codec = connection.codec();
        if (bytes == 0 || codec.closed()) {
            return;
        }
        try {
            codec.receiving().consumeBytes(stream, bytes);
        } catch (Http2Exception e) {
            codec.failed(e);
        }
    }

    /** Nobody wants what waits. */
    void drop() {
        int size = waiting.readableBytes();
        close();
        consume(size);
    }

    /** The stream is closed; Netty's flow control has given its bytes back to the connection. */
    void close() {
        int size = waiting.readableBytes();
        release();
        if (size > 0) {
            free(size);
        }
    }

    private void free(int bytes) {
        connection.hold(-bytes);
        int back = Math.min(lentBytes, bytes);
        if (back > 0) {
            lentBytes -= back;
            widen(-back);
        }
    }

    private void widen(int bytes) {
        Codec codec = connection.codec();
        if (codec.closed()) {
            return;
        }
        try {
            codec.receiving().incrementWindowSize(codec.connection().connectionStream(), bytes);
        } catch (Http2Exception e) {
            codec.failed(e);
        }
    }

    private void release() {
        ByteBuf last = waiting;
        waiting = Unpooled.EMPTY_BUFFER;
        last.release();
    }
}
