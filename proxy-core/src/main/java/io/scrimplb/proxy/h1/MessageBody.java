package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Follows the body of one message and says where it ends (RFC 9112, 6.3). Used again for the next; not thread-safe. */
final class MessageBody {
    private enum Kind {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);

    /** Bytes of a chunk's size line and ends at most, for the sizes a buffer can have. */
    private static final int CHUNK_OVERHEAD = 14;

    private final ChunkedBody chunks = new ChunkedBody();
    private Kind kind = Kind.NONE;
    private long remaining;
    private boolean rechunk;
    private boolean closed;

    void none() {
        kind = Kind.NONE;
    }

    void length(long bytes) {
        kind = bytes == 0 ? Kind.NONE : Kind.LENGTH;
        remaining = bytes;
    }

    /** See {@link ChunkedBody#begin}. */
    void chunked(boolean keepFraming, boolean passTrailers) {
        kind = Kind.CHUNKED;
        chunks.begin(keepFraming, passTrailers);
    }

    /** @param asChunks whether the bytes are handed on in chunks */
    void untilClose(boolean asChunks) {
        kind = Kind.UNTIL_CLOSE;
        rechunk = asChunks;
        closed = false;
    }

    boolean done() {
        return switch (kind) {
            case NONE -> true;
            case LENGTH -> remaining == 0;
            case CHUNKED -> chunks.done();
            case UNTIL_CLOSE -> closed;
        };
    }

    /** Whether the end of the connection ends the body. */
    boolean endsWithConnection() {
        return kind == Kind.UNTIL_CLOSE && !closed;
    }

    /** The connection ended, which is the body's end. Returns what is left to hand on. */
    ByteBuf connectionEnded() {
        closed = true;
        return rechunk ? Unpooled.wrappedBuffer(LAST_CHUNK) : Unpooled.EMPTY_BUFFER;
    }

    /**
     * Consumes what belongs to the body.
     *
     * @return what goes on, to be released by the caller; null when nothing does yet
     */
    @Nullable
    ByteBuf take(ByteBuf in, ByteBufAllocator allocator) throws MalformedBodyException {
        return switch (kind) {
            case NONE -> null;
            case LENGTH -> {
                int count = (int) Math.min(remaining, in.readableBytes());
                remaining -= count;
                yield count == 0 ? null : in.readRetainedSlice(count);
            }
            case CHUNKED -> chunks.take(in, allocator);
            case UNTIL_CLOSE -> untilClosed(in, allocator);
        };
    }

    private @Nullable ByteBuf untilClosed(ByteBuf in, ByteBufAllocator allocator) {
        int count = in.readableBytes();
        if (count == 0 || !rechunk) {
            return count == 0 ? null : in.readRetainedSlice(count);
        }
        ByteBuf chunk = allocator.directBuffer(count + CHUNK_OVERHEAD);
        chunk.writeCharSequence(Integer.toHexString(count), US_ASCII);
        return chunk.writeShort(0x0d0a).writeBytes(in, count).writeShort(0x0d0a);
    }
}
