package io.scrimplb.proxy.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A request on its way to an endpoint: what is sent first, kept until a response begins in case it has to be sent again, and
 * the rest of the body as it comes. Used again for the next request.
 */
final class OutgoingRequest {
    private final MessageBody body = new MessageBody();

    /** The head and what of the body came with it. */
    private final HeadBuffer first = new HeadBuffer();

    private boolean moreSent;
    private long endNanos;

    /** Begins to follow the body that a head announces. */
    void begin(RequestHead head) {
        moreSent = false;
        if (head.lines.chunked) {
            body.chunked(true, head.announcesTrailers);
        } else if (head.lines.contentLength > 0) {
            body.length(head.lines.contentLength);
        } else {
            body.none();
        }
    }

    /** Where the head goes as it is sent. */
    HeadBuffer first() {
        return first;
    }

    /** Takes what came behind the head along with it. */
    void put(ByteBuf in, ByteBufAllocator allocator) throws MalformedBodyException {
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
    void sendTo(OriginConnection endpoint, long nowNanos) {
        endNanos = nowNanos;
        endpoint.write(first);
        endpoint.flush();
    }

    /**
     * Hands on more of the body; the caller flushes.
     *
     * @return whether any of it went out
     */
    boolean forward(ByteBuf in, OriginConnection endpoint, ByteBufAllocator allocator, long nowNanos)
            throws MalformedBodyException {
        ByteBuf part = body.take(in, allocator);
        if (body.done()) {
            endNanos = nowNanos;
        }
        if (part == null) {
            return false;
        }
        moreSent = true;
        endpoint.write(part);
        return true;
    }

    /** Whether it was read to its end. */
    boolean done() {
        return body.done();
    }

    /** Whether all of it can be sent once more. */
    boolean whole() {
        return body.done() && !moreSent;
    }

    /** Whether any of the body went out behind what was sent first. */
    boolean moreSent() {
        return moreSent;
    }

    /** When the last of it was handed on. */
    long endNanos() {
        return endNanos;
    }

    /** A response has begun, or the exchange has ended: nothing will be sent again. */
    void drop() {
        first.clear();
    }
}
