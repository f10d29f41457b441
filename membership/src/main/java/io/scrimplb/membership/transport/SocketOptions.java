package io.scrimplb.membership.transport;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;

/** What is set on every socket between members, whichever side connected. Stateless and thread-safe. */
final class SocketOptions {
    /** Bytes that a channel keeps for a side that does not read, before no more is sent, and until it is again. */
    private static final WriteBufferWaterMark UNTAKEN = new WriteBufferWaterMark(2 * 1024 * 1024, 4 * 1024 * 1024);

    /** Bytes of one read. */
    private static final int LEAST_READ_BYTES = 256;

    private static final int FIRST_READ_BYTES = 2_048;
    private static final int GREATEST_READ_BYTES = 16 * 1024;

    /** A bootstrap's method that takes an option. */
    interface Taker {
        <T> void take(ChannelOption<T> option, T value);
    }

    private SocketOptions() {}

    static void giveTo(Taker socket) {
        socket.take(ChannelOption.TCP_NODELAY, true);
        socket.take(ChannelOption.WRITE_BUFFER_WATER_MARK, UNTAKEN);
        socket.take(ChannelOption.RECVBUF_ALLOCATOR, turns());
    }

    /**
     * How much a connection reads before the others have their turn: one flooding member must not keep the loop from the
     * heartbeats of the others.
     */
    private static RecvByteBufAllocator turns() {
        return new AdaptiveRecvByteBufAllocator(LEAST_READ_BYTES, FIRST_READ_BYTES, GREATEST_READ_BYTES)
                .maxMessagesPerRead(1);
    }
}
