package io.scrimplb.membership.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The form of frames: four bytes of length, big endian, of all that follows; one of kind; the content. */
final class Frames {
    /** What stands before the content. */
    static final int HEADER_BYTES = 5;
    /** Largest content of a message, bytes: a view of 1,000 members, when partitions merge, is 180,000. */
    static final int MAX_MESSAGE_BYTES = 256 * 1024;

    /** The same of a member with a token that is not in the view, and so has nothing to say but that it wants in. */
    static final int MAX_NEWCOMER_BYTES = 16 * 1024;

    static final byte CONTROL = 1;
    static final byte MESSAGE = 2;

    private Frames() {}

    /** A frame, to be released by whoever gets it. */
    static ByteBuf of(ByteBufAllocator buffers, byte kind, byte[] content, int offset, int length) {
        return buffers.buffer(HEADER_BYTES + length)
                .writeInt(length + 1)
                .writeByte(kind)
                .writeBytes(content, offset, length);
    }
}
