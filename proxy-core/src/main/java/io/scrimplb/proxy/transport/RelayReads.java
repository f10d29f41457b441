package io.scrimplb.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How an epoll channel of a relay reads. Netty asks it for a buffer before each read, and that is the moment in which a
 * spliced direction moves its bytes. The buffer it then gives is the loop's shared one whenever that is free.
 */
final class RelayReads implements RecvByteBufAllocator {
    /** For the read after splicing, which finds nothing but the end of input, as a rule. */
    private static final int REST_BYTES = 512;

    private final EpollSocketChannel source;
    private final EpollSocketChannel target;
    private final Loop loop;
    private final RecvByteBufAllocator ordinary;
    private @Nullable SplicedDirection spliced;
    private boolean used;

    private RelayReads(EpollSocketChannel source, EpollSocketChannel target, Loop loop) {
        this.source = source;
        this.target = target;
        this.loop = loop;
        this.ordinary = source.config().getRecvByteBufAllocator();
    }

    /** Puts itself into a channel. A channel that has read before keeps the way it has; see {@link #used}. */
    static RelayReads of(EpollSocketChannel source, EpollSocketChannel target, Loop loop) {
        RelayReads reads = new RelayReads(source, target, loop);
        source.config().setRecvByteBufAllocator(reads);
        return reads;
    }

    /** Whether the channel reads this way. */
    boolean used() {
        return used;
    }

    /** From now on a direction moves its bytes before each read; null for none. */
    void splice(@Nullable SplicedDirection direction) {
        spliced = direction;
    }

    @Override
    @SuppressWarnings("deprecation") // The interface's own return type.
    public Handle newHandle() {
        used = true;
        return new RelayHandle((ExtendedHandle) ordinary.newHandle());
    }

    private final class RelayHandle extends DelegatingHandle implements ExtendedHandle {
        private final ExtendedHandle delegate;

        RelayHandle(ExtendedHandle delegate) {
            super(delegate);
            this.delegate = delegate;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator alloc) {
            SplicedDirection direction = spliced;
            if (direction != null) {
                direction.move();
                if (!source.isOpen()) {
                    // Closed by what the moving brought about; its descriptor may be another's by now.
                    throw SplicedDirection.NOTHING_READ;
                }
                if (!direction.waiting()) {
                    return alloc.directBuffer(REST_BYTES);
                }
            }
            // What cannot go out at once would have to be copied out of the shared one.
            return DirectWrite.possible(target) ? loop.sharedReadBuffer() : super.allocate(alloc);
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreDataSupplier) {
            SplicedDirection direction = spliced;
            return (direction == null || !direction.turnIsOver()) && delegate.continueReading(maybeMoreDataSupplier);
        }
    }
}
