package io.scrimplb.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.scrimplb.proxy.http.HeadBuffer;
import io.scrimplb.proxy.http.HeaderLines;
import io.scrimplb.proxy.http.MalformedBodyException;
import io.scrimplb.proxy.http.MessageBody;
import io.scrimplb.proxy.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way to an endpoint: what is sent first, kept until a response begins in case it has to be sent again, and
 * the rest of the body as it comes. Used again for the next request.
 */
public final class OutgoingRequest {
    /**
     * Bytes of the body that are kept while no response has begun: what most calls send, so that one that an endpoint refuses
     * (RFC 9113, 8.7) can be sent to another one.
     */
    private static final int KEPT_BYTES = 16 * 1024;

    private final MessageBody body = new MessageBody();

    /** The head and what is kept of the body. */
    private final HeadBuffer first = new HeadBuffer();

    private int headLength;
    private boolean unframed;
    private boolean moreSent;
    private boolean kept;
    private boolean worthKeeping;
    private long endNanos;

    /**
     * Begins to follow the body that a head announces.
     *
     * @param framed whether a body without a length goes on in chunks; else as data
     */
    public void begin(RequestHead head, boolean framed) {
        moreSent = false;
        kept = true;
        // An endpoint that speaks HTTP/1.1 cannot say that it did nothing with a request.
        worthKeeping = !framed || head.idempotent();
        unframed = !framed && head.unknownLength();
        boolean unknownLength = head.lines.contentLength == HeaderLines.NO_LENGTH;
        // Once the length is reached HTTP/1.1 has all of it, though the frame that ends a client's stream is still to
        // come.
        if (head.http2 && !head.endsStream && (unknownLength || !framed)) {
            body.untilEnd(framed, true);
        } else if (head.lines.chunked) {
            body.chunked(framed, head.announcesTrailers);
        } else if (head.lines.contentLength > 0) {
            body.length(head.lines.contentLength);
        } else {
            body.none();
        }
    }

    /** Where the head is put; {@link #put} follows. */
    public HeadBuffer headBuffer() {
        return first;
    }

    /** The head is written; takes what came behind it along. */
    public void put(ByteBuf in, ByteBufAllocator allocator) throws MalformedBodyException {
        headLength = first.length();
        ByteBuf part = body.take(in, allocator);
        if (part != null) {
            first.put(part);
            part.release();
        }
    }

    /**
     * Throws away what came of a body that nobody wants.
     *
     * @return false when it is not valid
     */
    boolean skip(ByteBuf in, ByteBufAllocator allocator) {
        try {
            ByteBuf part = body.take(in, allocator);
            if (part != null) {
                part.release();
            }
            return true;
        } catch (MalformedBodyException e) {
            return false;
        }
    }

    /** Sends what there is, from the beginning. */
    void sendTo(OriginStream endpoint, long nowNanos) {
        endNanos = nowNanos;
        endpoint.send(this);
        endpoint.flush();
    }

    /**
     * Hands on more of the body; the caller flushes.
     *
     * @return whether any of it went out
     */
    boolean forward(ByteBuf in, OriginStream endpoint, ByteBufAllocator allocator, long nowNanos)
            throws MalformedBodyException {
        return handOn(body.take(in, allocator), endpoint, nowNanos);
    }

    /**
     * The client's stream has ended, and with it the body; the caller flushes.
     *
     * @param trailers lines that may pass, each with its CRLF; may be empty
     */
    void end(byte[] trailers, OriginStream endpoint, ByteBufAllocator allocator, long nowNanos) {
        handOn(body.end(trailers, allocator), endpoint, nowNanos);
    }

    private boolean handOn(@Nullable ByteBuf part, OriginStream endpoint, long nowNanos) {
        boolean done = body.done();
        if (done) {
            endNanos = nowNanos;
        }
        if (part == null && !done) {
            return false;
        }
        moreSent = true;
        boolean last = done && body.trailers().length == 0;
        if (part != null) {
            keep(part);
            endpoint.body(part, last);
        }
        if (done && (part == null || !last)) {
            endpoint.bodyEnd(body.trailers());
        }
        return true;
    }

    private void keep(ByteBuf part) {
        if (!kept) {
            return;
        }
        if (worthKeeping && first.length() - headLength + part.readableBytes() <= KEPT_BYTES) {
            first.put(part.duplicate());
        } else {
            drop();
        }
    }

    /** The head in HTTP/1.1's form, and behind it, from {@link #headLength} on, what of the body is to go along. */
    public HeadBuffer first() {
        return first;
    }

    public int headLength() {
        return headLength;
    }

    /** Whether the body has no length and is handed on as data: HTTP/1.1 has to put it into chunks. */
    public boolean unframed() {
        return unframed;
    }

    /** Lines of the trailer that go with a body that is done and is handed on as data; else empty. */
    public byte[] trailers() {
        return body.trailers();
    }

    /** Whether it was read to its end. */
    public boolean done() {
        return body.done();
    }

    /** Whether its end is told by the client's stream alone, which has not ended yet. */
    boolean awaitsEnd() {
        return body.awaitsEnd();
    }

    /** Whether all of it that was sent can be sent once more. */
    boolean kept() {
        return kept;
    }

    /** Whether any of the body went out behind what was sent first. */
    boolean moreSent() {
        return moreSent;
    }

    /** When the last of it was handed on. */
    long endNanos() {
        return endNanos;
    }

    /** Nothing will be sent again. */
    void drop() {
        kept = false;
        first.clear();
    }
}
