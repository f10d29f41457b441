package io.scrimplb.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop with what belongs to it alone. Methods are called on its thread, but for the accessors, the count of
 * connections, and {@link #close}.
 */
public final class Loop {
    /** Time between two sweeps, and so how late a deadline may be noticed. */
    public static final long SWEEP_MILLIS = 250;

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    private final int index;
    private final EventLoop executor;
    private final boolean readsAtOnce;
    private final ReceiveBuffer receiving = new ReceiveBuffer();
    private final SendBuffer sending = new SendBuffer(true);
    private final SendBuffer encrypting = new SendBuffer(false);
    private final KernelPipes pipes;
    private Swept[] swept = new Swept[64];
    private int sweptCount;
    private long nowNanos = System.nanoTime();
    private final AtomicInteger connections = new AtomicInteger();

    /**
     * @param readsAtOnce whether its channels read while they are asked
     * @param pipes those of the proxy, shared by its loops
     */
    Loop(int index, EventLoop executor, boolean readsAtOnce, KernelPipes pipes) {
        this.index = index;
        this.executor = executor;
        this.readsAtOnce = readsAtOnce;
        this.pipes = pipes;
    }

    void start() {
        executor.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Gives up what the loop holds, once its thread has ended. */
    void close() {
        receiving.close();
        sending.close();
        encrypting.close();
    }

    /** Lets a channel of this loop read into the loop's own buffer, where the transport allows that; before its first read. */
    public void share(Channel channel) {
        if (readsAtOnce) {
            channel.config().setRecvByteBufAllocator(receiving);
        }
    }

    /** Where what its channels send is put together. */
    public SendBuffer sending() {
        return sending;
    }

    /** The one for a channel: whether handlers of it encrypt has to be decided by now, and stays so. */
    public SendBuffer sendingTo(Channel channel) {
        return channel.pipeline().get(SslHandler.class) == null ? sending : encrypting;
    }

    /** The same for channels that encrypt. */
    public SendBuffer encrypting() {
        return encrypting;
    }

    /** Reads the clock: what begins a turn calls this, and all that follows from it happens {@link #now}. */
    public long tick() {
        nowNanos = System.nanoTime();
        return nowNanos;
    }

    /**
     * The time of {@link System#nanoTime()} when the event in hand began; at worst of the last sweep. Reading the clock for
     * every stamp of a request would cost more than parsing it.
     */
    public long now() {
        return nowNanos;
    }

    /** Position among the loops, from 0; the stripe of every counter. */
    public int index() {
        return index;
    }

    public EventLoop executor() {
        return executor;
    }

    /** Client connections on this loop, those on their way to it included. Any thread. */
    public int connections() {
        return connections.get();
    }

    void connectionOpened() {
        connections.incrementAndGet();
    }

    void connectionClosed() {
        connections.decrementAndGet();
    }

    /** The pipes of the proxy, shared by its loops. */
    KernelPipes pipes() {
        return pipes;
    }

    /** An empty buffer for one read, which shares its memory with every other read of the loop; see {@link ReceiveBuffer}. */
    ByteBuf sharedReadBuffer() {
        return receiving.next();
    }

    /** The same bytes in a buffer that may be kept; what is given becomes this loop's or is what comes back. */
    public ByteBuf unshared(ByteBuf bytes) {
        if (bytes.refCnt() == 1) {
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
        long now = tick();
        forEachSwept(one -> one.sweep(now));
    }
}
