package io.scrimplb.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Follows the body of one message, says where it ends (RFC 9112, 6.3; RFC 9113, 8.1) and brings it into the form in which it
 * goes on: as data, or in chunks. Used again for the next; not thread-safe.
 */
public final class MessageBody {
    private enum Kind {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_END
    }

    /** Made with the first body that comes in chunks: over HTTP/2 none does. */
    private @Nullable ChunkedBody chunks;

    private Kind kind = Kind.NONE;
    private long remaining;
    private boolean asChunks;
    private boolean keepTrailers;
    private boolean ended;
    private byte[] trailers = TrailerFields.NONE;

    public void none() {
        kind = Kind.NONE;
        trailers = TrailerFields.NONE;
    }

    public void length(long bytes) {
        none();
        kind = bytes == 0 ? Kind.NONE : Kind.LENGTH;
        remaining = bytes;
    }

    /** See {@link ChunkedBody#begin}. */
    public void chunked(boolean keepFraming, boolean passTrailers) {
        none();
        kind = Kind.CHUNKED;
        ChunkedBody decoder = chunks;
        if (decoder == null) {
            decoder = new ChunkedBody();
            chunks = decoder;
        }
        decoder.begin(keepFraming, passTrailers);
    }

    /**
     * A body that ends where its connection or stream does, which {@link #end} tells.
     *
     * @param inChunks whether it goes on in chunks
     * @param passTrailers whether trailer fields go on
     */
    public void untilEnd(boolean inChunks, boolean passTrailers) {
        none();
        kind = Kind.UNTIL_END;
        asChunks = inChunks;
        keepTrailers = passTrailers;
        ended = false;
    }

    public boolean done() {
        return switch (kind) {
            case NONE -> true;
            case LENGTH -> remaining == 0;
            case CHUNKED -> chunks().done();
            case UNTIL_END -> ended;
        };
    }

    /** Whether the end of the connection or stream, and nothing else, ends the body. */
    public boolean awaitsEnd() {
        return kind == Kind.UNTIL_END && !ended;
    }

    /** Whether a last chunk, with the trailer, is still to go on when the source has ended. */
    public boolean endsInChunk() {
        return awaitsEnd() && asChunks;
    }

    /**
     * The connection or stream ended, which is the end of a body that {@link #awaitsEnd}.
     *
     * @param lines of a trailer that may pass, each with its CRLF; may be empty
     * @return what is left to hand on, to be released by the caller; null when nothing is
     */
    public @Nullable ByteBuf end(byte[] lines, ByteBufAllocator allocator) {
        ended = true;
        byte[] passing = keepTrailers ? lines : TrailerFields.NONE;
        if (asChunks) {
            return Chunks.last(passing, allocator);
        }
        trailers = passing;
        return null;
    }

    /** Lines of the trailer that go on, once a body that goes on as data is done; else empty. */
    public byte[] trailers() {
        return kind == Kind.CHUNKED ? chunks().trailers() : trailers;
    }

    /**
     * Consumes what belongs to the body.
     *
     * @return what goes on, to be released by the caller; null when nothing does yet
     */
    public @Nullable ByteBuf take(ByteBuf in, ByteBufAllocator allocator) throws MalformedBodyException {
        return switch (kind) {
            case NONE -> null;
            case LENGTH -> {
                int count = (int) Math.min(remaining, in.readableBytes());
                remaining -= count;
                yield count == 0 ? null : in.readRetainedSlice(count);
            }
            case CHUNKED -> chunks().take(in, allocator);
            case UNTIL_END -> {
                int count = in.readableBytes();
                yield count == 0 ? null : asChunks ? Chunks.of(in, allocator) : in.readRetainedSlice(count);
            }
        };
    }

    private ChunkedBody chunks() {
        ChunkedBody present = chunks;
        if (present == null) {
            throw new IllegalStateException("not in chunks");
        }
        return present;
    }
}
