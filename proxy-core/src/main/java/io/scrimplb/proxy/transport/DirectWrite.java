package io.scrimplb.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;

/**
 * Writing to a socket's descriptor past Netty's queue, which is allowed only while nothing is in it and no handler changes what
 * is written. Saves the queue's bookkeeping, and the buffer is free again when the call returns.
 */
final class DirectWrite {
    private DirectWrite() {}

    /** Whether nothing waits in the channel that would have to go out first. */
    static boolean possible(EpollSocketChannel channel) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue != null && queue.isEmpty() && queue.totalPendingWriteBytes() == 0;
    }

    /** Writes what the socket takes now of bytes that lie in one piece; a failure is left to the next ordinary write, which meets it again. */
    static void some(EpollSocketChannel channel, ByteBuf bytes) {
        try {
            int written = channel.fd().writeAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
            bytes.skipBytes(written);
        } catch (IOException e) {
            // Nothing was taken.
        }
    }
}
