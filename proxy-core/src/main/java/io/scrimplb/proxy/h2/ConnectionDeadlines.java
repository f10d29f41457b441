package io.scrimplb.proxy.h2;

import io.netty.channel.Channel;
import io.scrimplb.proxy.routing.Snapshot.Deadlines;
import io.scrimplb.proxy.transport.LingeringClose;
import io.scrimplb.proxy.transport.StallWatch;

/** When a connection last moved, in the ways that have a deadline of their own. Times are {@link System#nanoTime()}. */
final class ConnectionDeadlines {
    private long readNanos;
    private long frameNanos;
    private long frames;
    private long idleNanos;
    private final StallWatch unsent = new StallWatch();

    void begin(long nowNanos) {
        readNanos = nowNanos;
        frameNanos = nowNanos;
        idleNanos = nowNanos;
    }

    /** Bytes came. */
    void read(long nowNanos) {
        readNanos = nowNanos;
    }

    /** What was read behind the client's first SETTINGS has been used up, as far as it is whole. */
    void readCompleted(Codec codec, long nowNanos) {
        if (!codec.inFrame() || codec.frames() != frames) {
            frames = codec.frames();
            frameNanos = nowNanos;
        }
    }

    /** A stream has ended. */
    void idleSince(long nowNanos) {
        idleNanos = nowNanos;
    }

    /** Whether no request came for too long: frames that carry nothing are none. */
    boolean idle(long nowNanos, Deadlines deadlines) {
        return nowNanos - idleNanos > deadlines.clientIdle();
    }

    /**
     * Whether a frame or a field block has begun too long ago and not ended. Data may take its time, as long as some of it comes.
     *
     * @param greeted whether the client's first SETTINGS came, which is due like the rest of a head
     */
    boolean slow(Codec codec, boolean greeted, long nowNanos, Deadlines deadlines) {
        if (!codec.inFrame() && greeted) {
            return false;
        }
        return greeted && codec.inData()
                ? nowNanos - readNanos > deadlines.clientIdle()
                : nowNanos - frameNanos > deadlines.clientHeader();
    }

    /** Whether the client takes nothing of what waits for it; it may be slow as long as it takes something. */
    boolean unread(Channel channel, long nowNanos, Deadlines deadlines) {
        if (channel.isWritable()) {
            unsent.restart(nowNanos);
        }
        return unsent.still(LingeringClose.pendingMark(channel), nowNanos) > deadlines.clientIdle();
    }
}
