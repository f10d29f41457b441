package io.scrimplb.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Where a loop puts together what one channel is to send, so that a head and what is there of its body leave in a single
 * {@code send}. Holds bytes of one channel at a time, and only within a turn of the loop: whoever puts bytes flushes them
 * before the turn ends. On epoll they go from here straight into the socket; what it does not take, and everything on other
 * transports, goes the channel's own way. Only on the loop's thread, and directly only for channels whose pipelines leave outgoing
 * bytes as they are. Where they encrypt, they encrypt from here, without a copy in between.
 */
public final class SendBuffer {
    /** Holds the longest head (of the default limits) and a body part that is copied behind it. */
    private static final int BYTES = 64 * 1024;

    /**
     * Up to this a part is copied, which costs less than a send of two pieces; it also keeps short bytes that a slow reader
     * does not take from holding the far larger buffer that they were read into.
     */
    private static final int COPIED_BYTES = 16 * 1024;

    /**
     * Less than this of a part, not taken by its reader, is copied too: it may be a slice of the buffer that the loop reads
     * into, which is held whole as long as any of it waits, while the water marks count what waits.
     */
    private static final int PINNING_BYTES = ReceiveBuffer.BYTES / 4 * 3;

    private final boolean direct;
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private @Nullable Channel owner;

    /** @param direct whether bytes may go past the channels' pipelines; not so where those encrypt */
    SendBuffer(boolean direct) {
        this.direct = direct;
    }

    /** Puts bytes that stay the caller's. */
    public void put(Channel to, byte[] bytes, int from, int length) {
        own(to, length);
        if (length <= buffer.writableBytes()) {
            buffer.writeBytes(bytes, from, length);
        } else {
            write(to, to.alloc().directBuffer(length).writeBytes(bytes, from, length));
        }
    }

    /** Puts bytes that become this buffer's. A long part is sent at once, with what was put before it. */
    public void put(Channel to, ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (length <= COPIED_BYTES) {
            own(to, length);
            buffer.writeBytes(bytes);
            bytes.release();
            return;
        }
        own(to, 0);
        if (!direct) {
            owner = null;
            encrypt(to, bytes);
            return;
        }
        spill(to);
        owner = null;
        send(to, bytes);
        int left = bytes.readableBytes();
        if (left == 0) {
            bytes.release();
        } else if (left < PINNING_BYTES) {
            write(to, to.alloc().directBuffer(left).writeBytes(bytes));
            bytes.release();
            to.flush();
        } else {
            write(to, bytes);
            to.flush();
        }
    }

    /** Sends what was put for this channel. */
    public void flush(Channel to) {
        if (owner == to) {
            owner = null;
            if (buffer.isReadable()) {
                if (!direct) {
                    encrypt(to, Unpooled.EMPTY_BUFFER);
                    return;
                }
                send(to, buffer);
                spill(to);
            }
        }
        if (pendingBytes(to) > 0) {
            to.flush();
        }
    }

    /** Whether the socket has taken all that was sent, or never will. */
    public static boolean isSent(Channel channel) {
        return pendingBytes(channel) <= 0;
    }

    /** When the loop has ended. */
    void close() {
        buffer.release();
        buffer = Unpooled.EMPTY_BUFFER;
    }

    /** Makes the buffer this channel's, with room for so many bytes where it can have that. */
    private void own(Channel to, int length) {
        // A flush lets handlers run, which may put bytes for yet another channel.
        for (Channel before = owner; before != null && before != to; before = owner) {
            flush(before);
        }
        owner = to;
        if (buffer.capacity() == 0) {
            buffer = UnpooledByteBufAllocator.DEFAULT.directBuffer(BYTES, BYTES);
        }
        if (length > buffer.writableBytes()) {
            spill(to);
        }
    }

    /** Hands what the buffer holds to the channel, which sends it at its next flush. */
    private void spill(Channel to) {
        boolean open = pendingBytes(to) >= 0;
        ByteBuf copy = buffer.isReadable() && open
                ? to.alloc().directBuffer(buffer.readableBytes()).writeBytes(buffer)
                : null;
        // Before the write, which lets handlers run that may put more.
        buffer.clear();
        if (copy != null) {
            write(to, copy);
        }
    }

    /**
     * Has the channel encrypt what the buffer holds, and what is to go behind it. That is done before the flush returns, unless the
     * engine has to wait: then it keeps the buffer's memory, and another one takes its place. So it is, too, when handlers that run
     * in the meantime put more.
     *
     * @param behind becomes the channel's
     */
    private void encrypt(Channel to, ByteBuf behind) {
        ByteBuf held = buffer;
        buffer = Unpooled.EMPTY_BUFFER;
        try {
            if (pendingBytes(to) < 0) {
                behind.release();
                return;
            }
            if (held.isReadable()) {
                // A slice, which nothing can be appended to: the memory behind it stays this buffer's.
                write(to, held.retainedSlice());
            }
            if (behind.isReadable()) {
                write(to, behind);
            }
            to.flush();
        } finally {
            if (held.refCnt() == 1 && buffer.capacity() == 0) {
                buffer = held.clear();
            } else {
                held.release();
            }
        }
    }

    private static void write(Channel to, ByteBuf bytes) {
        to.write(bytes, to.voidPromise());
    }

    private void send(Channel to, ByteBuf bytes) {
        if (direct
                && to instanceof EpollSocketChannel socket
                && bytes.hasMemoryAddress()
                && DirectWrite.possible(socket)) {
            DirectWrite.some(socket, bytes);
        }
    }

    /** Bytes that wait in the channel; -1 once it is closed. */
    private static long pendingBytes(Channel channel) {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? -1 : waiting.totalPendingWriteBytes();
    }
}
