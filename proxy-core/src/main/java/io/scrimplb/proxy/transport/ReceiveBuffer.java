package io.scrimplb.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The one buffer into which a loop reads from all its sockets, one after the other: what was read is used up before the next
 * read, so nothing has to be allocated for it. Whoever keeps bytes beyond its turn keeps the whole buffer, and the loop takes
 * another one; short bytes are therefore copied by those who keep them. Only for transports that read while they are asked
 * (epoll, NIO), and only on the loop's thread.
 */
final class ReceiveBuffer extends DefaultMaxMessagesRecvByteBufAllocator {
    /** A full read of this size costs as little a byte as a larger one, and stays in a second-level cache. */
    static final int BYTES = 64 * 1024;

    private @Nullable ByteBuf buffer;

    @Override
    @SuppressWarnings("deprecation") // The only way to say what a channel reads into.
    public Handle newHandle() {
        return new SharedHandle();
    }

    /** When the loop has ended. */
    void close() {
        ByteBuf last = buffer;
        buffer = null;
        if (last != null) {
            last.release();
        }
    }

    /** An empty buffer to read into. */
    ByteBuf next() {
        ByteBuf present = buffer;
        if (present != null && present.refCnt() == 1) {
            return present.clear().retain();
        }
        if (present != null) {
            present.release();
        }
        ByteBuf fresh = UnpooledByteBufAllocator.DEFAULT.directBuffer(BYTES, BYTES);
        buffer = fresh;
        return fresh.retain();
    }

    private final class SharedHandle extends MaxMessageHandle {
        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return next();
        }

        @Override
        public int guess() {
            return BYTES;
        }
    }
}
