package io.scrimplb.proxy.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** Bytes of a connection that were read and not used yet; holds no buffer while there are none. */
final class InputBuffer {
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

    ByteBuf bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return !bytes.isReadable();
    }

    int size() {
        return bytes.readableBytes();
    }

    /** Takes ownership of more bytes. */
    void append(ByteBuf more, ByteBufAllocator allocator) {
        if (isEmpty()) {
            drop();
            bytes = more;
            return;
        }
        if (bytes.refCnt() > 1 || bytes.isReadOnly() || bytes.writableBytes() < more.readableBytes()) {
            int needed = bytes.readableBytes() + more.readableBytes();
            ByteBuf joined = allocator.directBuffer(Math.max(needed * 2, 1024)).writeBytes(bytes);
            drop();
            bytes = joined;
        }
        bytes.writeBytes(more);
        more.release();
    }

    /** Gives the bytes away. */
    ByteBuf take() {
        ByteBuf taken = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        return taken;
    }

    void drop() {
        take().release();
    }

    /** At the end of a turn: what is left must not hold the larger buffer, shared by others, that it was read into. */
    void settle(ByteBufAllocator allocator) {
        if (isEmpty()) {
            drop();
        } else if (bytes.refCnt() > 1) {
            ByteBuf own = allocator.directBuffer(bytes.readableBytes()).writeBytes(bytes);
            drop();
            bytes = own;
        }
    }
}
