package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
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

    private final Http2Stream stream;
    private final HeldData held;
    private byte[] trailers = TrailerFields.NONE;
    private boolean ended;
    private long expected = RequestTranslator.NO_LENGTH;
    private long receivedBytes;
    private long bytesIn;

    StreamInput(StreamConnection connection, Http2Stream stream) {
        this.stream = stream;
        this.held = new HeldData(connection, stream, true);
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
        return held.isEmpty();
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
    void hold(ByteBuf data) {
        held.add(data);
    }

    /** Hands on what waits, as far as the endpoint takes it. */
    void forward(Exchange to, BooleanSupplier goesOn) {
        while (goesOn.getAsBoolean() && !held.isEmpty() && !to.originIsFull()) {
            ByteBuf part = held.first(PART_BYTES);
            int before = part.readableBytes();
            to.forwardBody(part);
            int taken = before - part.readableBytes();
            if (taken == 0 || held.isEmpty()) {
                return;
            }
            held.skip(taken);
        }
    }

    /** Hands on what waits to a tunnel. */
    void drain(StreamTunnel to) {
        if (!held.isEmpty() || ended) {
            ByteBuf all = held.takeAll();
            try {
                held.consume(to.fromClient(all, ended));
            } finally {
                all.release();
            }
        }
    }

    /** Gives back the window of bytes that were handed on. */
    void consume(int bytes) {
        held.consume(bytes);
    }

    /** Nobody wants what waits. */
    void drop() {
        held.drop();
    }

    /** The stream is closed; Netty's flow control has given its bytes back to the connection. */
    void close() {
        held.close();
    }
}
