package io.scrimplb.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One event loop with what belongs to it alone. All methods but the accessors are called on its thread. */
public final class Loop {
    /** Time between two sweeps, and so how late a deadline may be noticed. */
    public static final long SWEEP_MILLIS = 250;

    /** What one read of a relay takes at most: a full reading of a fast sender, and small beside what the loop costs anyway. */
    private static final int READ_BUFFER_BYTES = 64 * 1024;

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    private final int index;
    private final EventLoop executor;
    private Swept[] swept = new Swept[64];
    private int sweptCount;
    private @Nullable ByteBuf readBuffer;
    private final KernelPipes pipes;

    Loop(int index, EventLoop executor, KernelPipes pipes) {
        this.index = index;
        this.executor = executor;
        this.pipes = pipes;
    }

    void start() {
        executor.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Position among the loops, from 0; the stripe of every counter. */
    public int index() {
        return index;
    }

    public EventLoop executor() {
        return executor;
    }

    /** The pipes of the proxy, shared by its loops. */
    KernelPipes pipes() {
        return pipes;
    }

    /**
     * An empty buffer that all reads of relays share, so that reading allocates nothing; null while somebody still has it. It
     * is given back by releasing it, which has to be soon: what waits to be written is copied out of it.
     */
    @Nullable
    ByteBuf sharedReadBuffer() {
        ByteBuf buffer = readBuffer;
        if (buffer == null) {
            // The collector's memory: nobody has to think of releasing it when the loop ends.
            buffer = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(READ_BUFFER_BYTES));
            readBuffer = buffer;
        }
        return buffer.refCnt() == 1 ? buffer.clear().retain() : null;
    }

    /** The same bytes in a buffer that may be kept; what is given becomes this loop's or is what comes back. */
    ByteBuf unshared(ByteBuf bytes) {
        if (bytes != readBuffer) {
            return bytes;
        }
        ByteBuf copy =
                ByteBufAllocator.DEFAULT.directBuffer(bytes.readableBytes()).writeBytes(bytes);
        bytes.release();
        return copy;
    }

    /** Keeps an object in the sweep. */
    public void enlist(Swept one) {
        if (sweptCount == swept.length) {
            swept = Arrays.copyOf(swept, sweptCount * 2);
        }
        one.sweepIndex(sweptCount);
        swept[sweptCount++] = one;
    }

    /** Takes an object out of the sweep; does nothing when it is not in it. */
    public void dismiss(Swept one) {
        int at = one.sweepIndex();
        if (at < 0) {
            return;
        }
        Swept last = swept[--sweptCount];
        swept[at] = last;
        last.sweepIndex(at);
        swept[sweptCount] = null;
        one.sweepIndex(Swept.NOT_SWEPT);
    }

    /** Calls {@code action} with every object in the sweep; the action may take that object out. */
    public void forEachSwept(Consumer<Swept> action) {
        // Backwards, because dismissing an object moves the last one, already seen, into its place.
        for (int i = sweptCount - 1; i >= 0; i--) {
            if (i < sweptCount) {
                try {
                    action.accept(swept[i]);
                } catch (RuntimeException | Error e) {
                    // One broken object must not end the walk over all others, nor the schedule: not even for want of
                    // memory, which the deadlines of the others may give back.
                    log.error("a connection could not be looked after", e);
                }
            }
        }
    }

    /**
     * Hears of a connect on this loop: when not even a socket can be made, for want of file descriptors, Netty tells it on a
     * thread of its own.
     */
    public void listen(ChannelFuture connecting, Consumer<ChannelFuture> listener) {
        connecting.addListener(done -> {
            if (executor.inEventLoop()) {
                listener.accept(connecting);
            } else {
                executor.execute(() -> listener.accept(connecting));
            }
        });
    }

    private void sweep() {
        long now = System.nanoTime();
        forEachSwept(one -> one.sweep(now));
    }
}
