package io.scrimplb.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Puts data into chunks (RFC 9112, 7.1). */
public final class Chunks {
    /** Bytes of a chunk's size line and ends at most, for the sizes a buffer can have. */
    private static final int OVERHEAD = 14;

    private static final int CRLF = 0x0d0a;

    private Chunks() {}

    /** A chunk that holds what can be read of a buffer, which is then read; there must be some. */
    public static ByteBuf of(ByteBuf data, ByteBufAllocator allocator) {
        int count = data.readableBytes();
        ByteBuf chunk = allocator.directBuffer(count + OVERHEAD);
        chunk.writeCharSequence(Integer.toHexString(count), US_ASCII);
        return chunk.writeShort(CRLF).writeBytes(data, count).writeShort(CRLF);
    }

    /**
     * The last chunk.
     *
     * @param trailers lines to stand behind it, each with its CRLF; may be empty
     */
    public static ByteBuf last(byte[] trailers, ByteBufAllocator allocator) {
        ByteBuf chunk = allocator.directBuffer(trailers.length + OVERHEAD);
        return chunk.writeByte('0').writeShort(CRLF).writeBytes(trailers).writeShort(CRLF);
    }
}
