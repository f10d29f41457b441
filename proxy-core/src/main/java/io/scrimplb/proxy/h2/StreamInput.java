package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.scrimplb.proxy.exchange.Exchange;
import io.scrimplb.proxy.http.MalformedBodyException;
import io.scrimplb.proxy.http.TrailerFields;
import java.util.function.BooleanSupplier;

/**
 * What comes of a stream behind its head: counted against the length that was announced, and kept while its endpoint does not
 * take it. The stream's window is given back when the endpoint has taken the bytes, and not before.
 */
final class StreamInput {
    /** Handed on at a time, so that the endpoint's water marks are kept to. */
    private static final int PART_BYTES = 64 * 1024;

    private final H2ClientConnection connection;
    private final Http2Stream stream;
    private ByteBuf waiting = Unpooled.EMPTY_BUFFER;
    private byte[] trailers = TrailerFields.NONE;
    private boolean ended;
    private long expected = RequestTranslator.NO_LENGTH;
    private long receivedBytes;
    private long bytesIn;

    /** Bytes by which the connection's window was widened because they wait here. */
    private int lentBytes;

    StreamInput(H2ClientConnection connection, Http2Stream stream) {
        this.connection = connection;
        this.stream = stream;
    }

    void headBytes(int bytes) {
        bytesIn += bytes;
    }

    /** Bytes of the request so far. */
    long bytesIn() {
        return bytesIn;
    }

    /** @param length that the data has to have together; see {@link RequestTranslator#contentLength} */
    void expect(long length) {
        expected = length;
    }

    void ended() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    boolean isEmpty() {
        return !waiting.isReadable();
    }

    byte[] trailers() {
        return trailers;
    }

    /** Data came; it must not be more or less than what was announced (RFC 9113, 8.1.1). */
    void received(int bytes, int padding, boolean endsStream) throws Http2Exception {
        bytesIn += bytes + padding + FrameInput.HEADER_BYTES;
        receivedBytes += bytes;
        checkLength(endsStream);
        ended |= endsStream;
    }

    void trailers(FieldSection fields) throws Http2Exception {
        bytesIn += fields.length;
        checkLength(true);
        if (fields.overflown() || fields.length > TrailerFields.MAX_BYTES) {
            throw H2ClientFrames.malformed(stream.id(), "the trailer is too large");
        }
        try {
            trailers = TrailerTranslator.lines(fields);
        } catch (MalformedBodyException e) {
            throw H2ClientFrames.malformed(stream.id(), String.valueOf(e.getMessage()));
        }
        ended = true;
    }

    private void checkLength(boolean last) throws Http2Exception {
        if (expected != RequestTranslator.NO_LENGTH
                && (receivedBytes > expected || (last && receivedBytes != expected))) {
            throw H2ClientFrames.malformed(stream.id(), "the data and its content-length disagree");
        }
    }

    /** Keeps a copy of what the endpoint does not take yet. */
    void wait(ByteBuf data) throws Http2Exception {
        int size = data.readableBytes();
        if (waiting.writableBytes() < size) {
            int needed = waiting.readableBytes() + size;
            ByteBuf joined =
                    connection.context().alloc().directBuffer(needed * 2).writeBytes(waiting);
            waiting.release();
            waiting = joined;
        }
        waiting.writeBytes(data);
        connection.hold(size);
        if (connection.h2().easy()) {
            lentBytes += size;
            widen(size);
        }
    }

    /** Hands on what waits, as far as the endpoint takes it. */
    void forward(Exchange to, BooleanSupplier goesOn) {
        while (goesOn.getAsBoolean() && waiting.isReadable() && !to.originIsFull()) {
            ByteBuf from = waiting;
            ByteBuf part = from.slice(from.readerIndex(), Math.min(PART_BYTES, from.readableBytes()));
            int before = part.readableBytes();
            to.forwardBody(part);
            int taken = before - part.readableBytes();
            if (taken == 0 || from != waiting) {
                return;
            }
            from.skipBytes(taken);
            taken(taken);
        }
        if (!waiting.isReadable()) {
            release();
        }
    }

    /** Hands on what waits to a tunnel. */
    void drain(StreamTunnel to) {
        int size = waiting.readableBytes();
        if (size > 0 || ended) {
            ByteBuf all = waiting;
            waiting = Unpooled.EMPTY_BUFFER;
            try {
                free(size);
                int consumed = to.fromClient(all, ended);
                consume(consumed);
            } finally {
                all.release();
            }
        }
    }

    private void taken(int bytes) {
        free(bytes);
        consume(bytes);
    }

    private void free(int bytes) {
        connection.hold(-bytes);
        int back = Math.min(lentBytes, bytes);
        if (back > 0) {
            lentBytes -= back;
            widen(-back);
        }
    }

    /** Gives back the window of bytes that were handed on. */
    void consume(int bytes) {
        Codec codec = connection.codec();
        try {
            codec.receiving().consumeBytes(stream, bytes);
        } catch (Http2Exception e) {
            codec.onError(connection.context(), true, e);
        }
    }

    private void widen(int bytes) {
        Codec codec = connection.codec();
        try {
            codec.receiving().incrementWindowSize(codec.connection().connectionStream(), bytes);
        } catch (Http2Exception e) {
            codec.onError(connection.context(), true, e);
        }
    }

    /** Nobody wants what waits. */
    void drop() {
        int size = waiting.readableBytes();
        release();
        if (size > 0) {
            taken(size);
        }
    }

    /** The stream is closed; Netty's flow control has given its bytes back to the connection. */
    void close() {
        int size = waiting.readableBytes();
        release();
        if (size > 0) {
            free(size);
        }
    }

    private void release() {
        ByteBuf last = waiting;
        waiting = Unpooled.EMPTY_BUFFER;
        last.release();
    }
}
