package io.scrimplb.proxy.transport;

import io.netty.channel.FileRegion;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.AbstractReferenceCounted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a relay whose bytes the kernel moves through a pipe. {@link #move} is called when the source has something;
 * what the target does not take at once is written to it as a region, in its turn, so that flushing, the end of output and
 * failures are Netty's as ever. While that region waits, nothing is read from the source.
 *
 * <p>Netty's own {@code spliceTo} is not used. It takes the end of input, which splice(2) tells as it tells 'nothing there',
 * for the latter, and is called for it without end; it announces the end with bytes unread when more than one piece is left; a
 * started one cannot be taken back; and it is deprecated since 4.2.
 */
final class SplicedDirection {
    /** What the owner of the direction is told, on the loop. */
    interface Owner {
        /** Bytes left the source. */
        void moved(int bytes);

        /** The target took some of what waited. */
        void progressed();

        /** Nothing waits any more: the source may be read again. */
        void resume();

        /** The target takes nothing any more. */
        void failed();

        /** The direction has become slow or small: it is over, and nothing waits. */
        void quietened();
    }

    /**
     * Thrown out of a read to say that it is over without anything having been read. Not an error; without a stack trace.
     */
    static final RuntimeException NOTHING_READ = new NothingRead();

    /** What one call may move before other channels of the loop have their turn. */
    private static final int TURN_BYTES = 1 << 20;

    /** Less than this at a time is cheaper to copy than to splice. */
    private static final int SMALL_TURN_BYTES = 8 * 1024;

    /** So many small turns one after the other end the splicing. */
    private static final int SMALL_TURNS = 8;

    /** So many sweeps without a byte end it too, so that a quiet session holds no pipe: 2 s. */
    private static final int QUIET_SWEEPS = (int) (2_000 / Loop.SWEEP_MILLIS);

    private final EpollSocketChannel source;
    private final EpollSocketChannel target;
    private final KernelPipe pipe;
    private final Owner owner;
    private int smallTurns;
    private int quietSweeps;
    private boolean waiting;
    private boolean turnIsOver;
    private boolean stopped;

    private SplicedDirection(EpollSocketChannel source, EpollSocketChannel target, KernelPipe pipe, Owner owner) {
        this.source = source;
        this.target = target;
        this.pipe = pipe;
        this.owner = owner;
    }

    /** Prepares it; null when no pipe is to be had. */
    static @Nullable SplicedDirection open(
            KernelPipes pipes, EpollSocketChannel source, EpollSocketChannel target, Owner owner) {
        KernelPipe pipe = pipes.make();
        return pipe == null ? null : new SplicedDirection(source, target, pipe, owner);
    }

    /** Whether the last call moved as much as one may, so that other channels shall have their turn. */
    boolean turnIsOver() {
        return turnIsOver;
    }

    /** Whether some of what left the source has not reached the target. */
    boolean waiting() {
        return waiting;
    }

    /**
     * Moves what is there. To be followed by an ordinary read, which tells what splice(2) does not: that the input has ended.
     *
     * @throws UncheckedIOException when the source has failed
     * @throws RuntimeException {@link #NOTHING_READ} when the source must not be read now
     */
    void move() {
        if (waiting) {
            // Asked although nobody wants to read: the other side has ended its output or failed. The read tells.
            return;
        }
        int moved = 0;
        while (moved < TURN_BYTES) {
            int filled = fill();
            if (filled == 0) {
                break;
            }
            moved += filled;
            owner.moved(filled);
            if (!drained()) {
                await();
                throw NOTHING_READ;
            }
        }
        turnIsOver = moved >= TURN_BYTES;
        quietSweeps = 0;
        smallTurns = moved < SMALL_TURN_BYTES ? smallTurns + 1 : 0;
        if (smallTurns == SMALL_TURNS) {
            owner.quietened();
        }
    }

    private int fill() {
        try {
            return pipe.fillFrom(source.fd());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean drained() {
        if (!DirectWrite.possible(target)) {
            return false;
        }
        try {
            while (pipe.queued() > 0) {
                if (pipe.drainTo(target.fd()) == 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            // The region's write will meet the failure, and tell it like that of any other write.
            return false;
        }
    }

    private void await() {
        waiting = true;
        source.config().setAutoRead(false);
        target.writeAndFlush(new Region()).addListener(written -> {
            waiting = false;
            if (stopped) {
                pipe.close();
            } else if (written.isSuccess()) {
                owner.resume();
            } else {
                owner.failed();
            }
        });
    }

    /** To be called in each sweep. */
    void sweep() {
        if (!waiting && ++quietSweeps > QUIET_SWEEPS) {
            owner.quietened();
        }
    }

    /** Moves no more; what waits still goes out, then the pipe is given back. */
    void stop() {
        stopped = true;
        if (!waiting) {
            pipe.close();
        }
    }

    /** What waits in the pipe, as something that Netty writes when its turn has come and the target takes it. */
    private final class Region extends AbstractReferenceCounted implements FileRegion {
        private final long count = pipe.queued();
        private long transferred;

        /** Writes to the target's descriptor, past the channel that is offered: only descriptors can be spliced. */
        @Override
        public long transferTo(WritableByteChannel unused, long position) throws IOException {
            int drained = pipe.drainTo(target.fd());
            transferred += drained;
            if (drained > 0) {
                owner.progressed();
            }
            return drained;
        }

        @Override
        public long position() {
            return 0;
        }

        @Override
        @Deprecated
        public long transfered() {
            return transferred;
        }

        @Override
        public long transferred() {
            return transferred;
        }

        @Override
        public long count() {
            return count;
        }

        /** The pipe is the direction's, not the region's. */
        @Override
        protected void deallocate() {}

        @Override
        public FileRegion retain() {
            super.retain();
            return this;
        }

        @Override
        public FileRegion retain(int increment) {
            super.retain(increment);
            return this;
        }

        @Override
        public FileRegion touch() {
            return this;
        }

        @Override
        public FileRegion touch(Object hint) {
            return this;
        }
    }

    private static final class NothingRead extends RuntimeException {
        private static final long serialVersionUID = 1;

        NothingRead() {
            super("nothing was read", null, false, false);
        }
    }
}
