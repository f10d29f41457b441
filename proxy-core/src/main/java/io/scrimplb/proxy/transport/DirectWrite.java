package io.scrimplb.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writing to a socket's descriptor past Netty's queue, which is allowed only while nothing is in it and no handler changes what
 * is written. Saves the queue's bookkeeping, and the buffer is free again when the call returns.
 */
final class DirectWrite {
    private static final Logger log = LoggerFactory.getLogger(DirectWrite.class);

    private DirectWrite() {}

    /** Whether nothing waits in the channel that would have to go out first. */
    static boolean possible(EpollSocketChannel channel) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue != null && queue.isEmpty() && queue.totalPendingWriteBytes() == 0 && channel.isActive();
    }

    /**
     * Writes what the socket takes now of bytes that lie in one piece; a failure is left to the next ordinary write, which meets
     * it again.
     */
    static void some(EpollSocketChannel channel, ByteBuf bytes) {
        try {
            bytes.skipBytes(((Socket) channel.fd())
                    .sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex()));
        } catch (IOException e) {
            log.debug("{} takes no bytes: {}", channel, e.getMessage());
        }
    }
}
