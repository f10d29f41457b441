package io.scrimplb.membership.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to another member, from its first byte: whether it is open, with whom, what it sends, and how it ends.
 * On the loop's thread, except where a method says otherwise.
 */
final class MemberConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(MemberConnection.class);
    /** Time for the last words to leave. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private enum State {
        OPENING,
        OPEN,
        CLOSED
    }

    private final Connections all;
    private final Outbox outbox;
    /** Where it was dialled; null for one that was accepted. */
    private final @Nullable InetSocketAddress target;

    private final long createdNanos = System.nanoTime();
    private final ReadTimes reads = new ReadTimes();

    private State state = State.OPENING;
    private Admission.Stage stage = Admission.Stage.SILENT;
    private @Nullable Channel channel;
    private volatile @Nullable Peer peer;
    private Reach reach = Reach.UNKNOWN;
    private long openedNanos;
    private long closedNanos;
    private boolean orderly;

    /**
     * @param all is told what becomes of it
     * @param target where it is dialled; null for one that was accepted
     */
    MemberConnection(Connections all, Outbox outbox, @Nullable InetSocketAddress target) {
        this.all = all;
        this.outbox = outbox;
        this.target = target;
    }

    @Nullable
    InetSocketAddress target() {
        return target;
    }

    boolean dialled() {
        return target != null;
    }

    boolean open() {
        return state == State.OPEN;
    }

    boolean closed() {
        return state == State.CLOSED;
    }

    /** Who is there; only once it is open. Any thread. */
    Peer peer() {
        Peer there = peer;
        if (there == null) {
            throw new IllegalStateException("not open yet");
        }
        return there;
    }

    /** What came of a dialled one. */
    Reach reach() {
        return reach;
    }

    /** Whether it ended on purpose of either side. */
    boolean orderly() {
        return orderly;
    }

    long createdNanos() {
        return createdNanos;
    }

    long openedNanos() {
        return openedNanos;
    }

    /** Whether it should have been gone for a while: the other side does not take the goodbye. */
    boolean overdue(long now) {
        return state == State.CLOSED && now - closedNanos > CLOSE_NANOS;
    }

    /** When it was last heard of. */
    ReadTimes reads() {
        return reads;
    }

    /** Sends a message now. Any thread. False when the other side does not read, so that it is dropped. */
    boolean send(byte[] message, int offset, int length) {
        Channel out = channel;
        return out != null && outbox.send(out, message, offset, length);
    }

    /** Sends a message when it is open, if this is the member it is for. False when too many wait. */
    boolean sendWhenOpen(@Nullable UUID to, byte[] message) {
        return state != State.CLOSED && outbox.keep(to, message);
    }

    /** How far one that was accepted got. */
    void advance(Admission.Stage to) {
        if (!dialled() && to.compareTo(stage) > 0) {
            all.advanced(this, stage, to);
            stage = to;
        }
    }

    /** Both sides introduced themselves. */
    void opened(Peer there) {
        peer = there;
        state = State.OPEN;
        reach = Reach.of(Reach.Outcome.MEMBER);
        openedNanos = System.nanoTime();
        Channel out = channel;
        if (out != null && out.pipeline().get(FirstBytes.class) != null) {
            out.pipeline().remove(FirstBytes.class);
        }
        all.opened(this);
        if (out != null) {
            outbox.sendKept(out, there.id());
        }
    }

    /** Closes it with a word, so that the other side does not take it for a crash. */
    void closeOrderly() {
        orderly = true;
        if (channel == null || state != State.OPEN) {
            fail(reach);
        } else {
            closeWith(new Control.Goodbye());
        }
    }

    /** Closes it once the other side has the last word, or does not take it. */
    void closeWith(Control last) {
        Channel out = channel;
        if (out != null) {
            ended();
            outbox.sayLast(out, last);
        }
    }

    /** The other side said goodbye. */
    void leftByOther() {
        orderly = true;
        fail(reach);
    }

    /** Closes it as a crash would. */
    void abort() {
        fail(reach);
    }

    /** Its time to prove itself, or to finish a frame, is over. */
    void late(String what) {
        if (dialled() && state != State.OPEN) {
            fail(Reach.of(Reach.Outcome.NO_ANSWER));
        } else {
            bad(what);
        }
    }

    /** It did what no member does. */
    void bad(String what) {
        if (state == State.OPEN) {
            all.refusedFrame(remote(), what);
        } else if (state != State.CLOSED) {
            report(what);
        }
        if (state != State.CLOSED) {
            fail(Reach.of(Reach.Outcome.NOT_A_MEMBER));
        }
    }

    /** Counts it among those that were refused. */
    void report(String why) {
        all.refused(remote(), why);
    }

    /** Could not be connected at all. */
    void unreachable(Throwable cause) {
        fail(Reach.unconnected(cause));
        all.closed(this);
    }

    /** Something on its way threw. */
    void failed(Throwable thrown) {
        if (state == State.CLOSED) {
            return;
        }
        Throwable cause = thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof BadFrameException) {
            bad(String.valueOf(cause.getMessage()));
            return;
        }
        LOG.debug("the connection with {} failed: {}", remote(), cause.toString());
        if (state == State.OPEN && cause instanceof IOException) {
            // The network's weather.
            fail(reach);
        } else if (state == State.OPEN) {
            bad("a fault while it was open: " + cause.getClass().getSimpleName());
        } else if (dialled()) {
            fail(Reach.of(HandshakeFailures.outcome(cause)));
        } else {
            bad("a handshake that failed: " + HandshakeFailures.text(cause));
        }
    }

    /**
     * Ends it now.
     *
     * @param why what came of it; ignored when it was open
     */
    void fail(Reach why) {
        if (state != State.CLOSED) {
            if (state != State.OPEN) {
                reach = why;
            }
            ended();
        }
        Channel out = channel;
        if (out != null) {
            out.close();
        }
    }

    private void ended() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            closedNanos = System.nanoTime();
            outbox.clear();
        }
    }

    private @Nullable InetAddress remote() {
        Channel out = channel;
        return out != null && out.remoteAddress() instanceof InetSocketAddress at ? at.getAddress() : null;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        super.handlerAdded(ctx);
        channel = ctx.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        if (target != null) {
            all.connected(target);
        }
        super.channelActive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        boolean answered = reach.outcome() != Reach.Outcome.UNKNOWN || state == State.CLOSED;
        if (!answered && dialled()) {
            // It hung up on us without a word: it restarts, or is flooded.
            reach = Reach.of(Reach.Outcome.CONNECTED);
        }
        super.channelInactive(ctx);
        ended();
        all.closed(this);
    }
}
