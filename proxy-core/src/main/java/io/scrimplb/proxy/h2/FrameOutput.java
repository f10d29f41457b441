package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.scrimplb.proxy.transport.SendBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The frames that a connection is about to send. It has a buffer only while there are any: they leave in one send when the turn
 * of the loop ends, or earlier once there are many.
 */
final class FrameOutput {
    /** What hears of frames as they are put, and of the first one since the last {@link #flush}. */
    interface Watcher {
        /** There is something to flush before the turn ends. */
        void dirty();

        void dataWritten(int streamId, int bytes);

        void sent(int bytes);
    }

    /** Enough for some heads of responses with short bodies. */
    private static final int FIRST_BYTES = 4 * 1024;

    /** More than this is sent at once: it is as much as one send takes well. */
    static final int FULL_BYTES = 64 * 1024;

    private final Channel channel;
    private final SendBuffer sending;
    private final Watcher watcher;
    private @Nullable ByteBuf frames;
    private boolean closed;

    FrameOutput(Channel channel, SendBuffer sending, Watcher watcher) {
        this.channel = channel;
        this.sending = sending;
        this.watcher = watcher;
    }

    /** Where the next frame of so many bytes is to be put. */
    ByteBuf reserve(int count) {
        ByteBuf present = frames;
        if (present != null && present.readableBytes() >= FULL_BYTES) {
            flush();
            present = frames;
        }
        if (present == null) {
            present = channel.alloc().directBuffer(Math.max(FIRST_BYTES, count));
            frames = present;
            watcher.dirty();
        }
        return present;
    }

    void dataWritten(int streamId, int bytes) {
        watcher.dataWritten(streamId, bytes);
    }

    /** Sends what was put. */
    void flush() {
        ByteBuf present = frames;
        frames = null;
        if (present == null) {
            return;
        }
        if (closed) {
            present.release();
            return;
        }
        watcher.sent(present.readableBytes());
        sending.put(channel, present);
        sending.flush(channel);
    }

    /** Nothing is sent any more. */
    void close() {
        closed = true;
        ByteBuf present = frames;
        frames = null;
        if (present != null) {
            present.release();
        }
    }
}
