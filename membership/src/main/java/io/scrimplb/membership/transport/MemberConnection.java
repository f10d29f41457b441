package io.scrimplb.membership.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.scrimplb.membership.trust.Proof;
import io.scrimplb.membership.trust.TrustException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to another member, from its first byte. On the loop's thread, except where a method says otherwise. */
final class MemberConnection extends ChannelInboundHandlerAdapter {
    /** Bytes that a channel keeps for a side that does not read, before no more is sent, and until it is again. */
    static final WriteBufferWaterMark UNTAKEN = new WriteBufferWaterMark(2 * 1024 * 1024, 4 * 1024 * 1024);

    private static final Logger LOG = LoggerFactory.getLogger(MemberConnection.class);
    /** Bytes of one read. */
    private static final int LEAST_READ_BYTES = 256;

    private static final int FIRST_READ_BYTES = 2_048;
    private static final int GREATEST_READ_BYTES = 16 * 1024;
    /** Time for the last words to leave. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private enum State {
        SHAKING,
        INTRODUCING,
        OPEN,
        CLOSED
    }

    private final MemberNetwork network;
    private final boolean secured;
    /** Where it was dialled; null for one that was accepted. */
    private final @Nullable InetSocketAddress target;

    private final long createdNanos = System.nanoTime();
    private final FrameDecoder frames = new FrameDecoder(this);
    private final WaitingMessages waiting = new WaitingMessages();
    /** Bytes of messages that the other side has not taken yet. */
    private final AtomicInteger untaken = new AtomicInteger();

    private State state = State.SHAKING;
    private Admission.Stage stage = Admission.Stage.SILENT;
    private @Nullable Channel channel;
    private @Nullable Proof proof;
    private volatile @Nullable Peer peer;
    private Reach reach = Reach.UNKNOWN;
    private long openedNanos;
    private long closedNanos;
    private boolean orderly;

    /**
     * How much a connection reads before the others have their turn: one flooding member must not keep the loop from the
     * heartbeats of the others.
     */
    static RecvByteBufAllocator turns() {
        return new AdaptiveRecvByteBufAllocator(LEAST_READ_BYTES, FIRST_READ_BYTES, GREATEST_READ_BYTES)
                .maxMessagesPerRead(1);
    }

    MemberConnection(MemberNetwork network, boolean secured, @Nullable InetSocketAddress target) {
        this.network = network;
        this.secured = secured;
        this.target = target;
    }

    /** Adds what reads its bytes to a pipeline, last of all. */
    void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(frames).addLast(this);
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

    /** When something was last read. */
    long readNanos() {
        return frames.readNanos();
    }

    /** When the frame that is incomplete now began; 0 when there is none. */
    long partialNanos() {
        return frames.partialNanos();
    }

    /** Sends a message now. Any thread. False when the other side does not read, so that it is dropped. */
    boolean send(byte[] message, int offset, int length) {
        Channel out = channel;
        int bytes = Frames.HEADER_BYTES + length;
        if (out == null || !out.isWritable() || !network.outgoing().enter(untaken, bytes)) {
            return false;
        }
        out.writeAndFlush(Frames.of(out.alloc(), Frames.MESSAGE, message, offset, length))
                .addListener(done -> network.outgoing().leave(untaken, bytes));
        return true;
    }

    /** Sends a message when it is open, if this is the member it is for. False when too many wait. */
    boolean sendWhenOpen(@Nullable UUID to, byte[] message) {
        if (state == State.CLOSED
                || !waiting.hasRoom(message.length)
                || !network.outgoing().enter(untaken, message.length)) {
            return false;
        }
        waiting.add(to, message);
        return true;
    }

    /** Closes it with a word, so that the other side does not take it for a crash. */
    void closeOrderly() {
        orderly = true;
        Channel out = channel;
        if (out == null || state != State.OPEN) {
            fail(reach);
            return;
        }
        ended();
        out.writeAndFlush(control(out, new Control.Goodbye())).addListener(ChannelFutureListener.CLOSE);
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
            network.refusedFrame(remote(), what);
        } else if (state != State.CLOSED) {
            network.refused(remote(), what);
        }
        if (state != State.CLOSED) {
            fail(Reach.of(Reach.Outcome.NOT_A_MEMBER));
        }
    }

    /** Could not be connected at all. */
    void unreachable(Throwable cause) {
        boolean refused = cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException);
        fail(Reach.of(refused ? Reach.Outcome.CONNECTION_REFUSED : Reach.Outcome.NO_ANSWER));
        network.closed(this);
    }

    /**
     * The first byte came. False when that ends it.
     *
     * @param tls whether the other side speaks TLS
     */
    boolean firstByte(boolean tls) {
        advance(Admission.Stage.SHAKING);
        if (tls == secured) {
            Channel in = channel;
            if (tls && !dialled() && in != null) {
                // Only now, so that one who says nothing costs next to nothing.
                in.pipeline()
                        .addAfter(
                                MemberNetwork.FIRST,
                                MemberNetwork.TLS,
                                network.handshakes().server());
            }
            return true;
        }
        if (dialled()) {
            // A plain frame where TLS was expected, or the other way round: refusals are plain, whoever sends them.
            fail(Reach.of(secured ? Reach.Outcome.NO_SECRET : Reach.Outcome.SECRET_WANTED));
        } else {
            refuse(secured ? Refusal.SECRET_WANTED : Refusal.NO_SECRET, "");
        }
        return false;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        super.handlerAdded(ctx);
        channel = ctx.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        if (target != null) {
            network.connected(target);
        }
        if (!secured) {
            introduce(ctx.channel());
        }
        super.channelActive(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent shaken) {
            if (shaken.isSuccess()) {
                shaken(ctx);
            } else {
                failed(shaken.cause());
            }
        }
        super.userEventTriggered(ctx, event);
    }

    private void shaken(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        try {
            proof = network.handshakes().proofOf(tls.engine().getSession());
        } catch (TrustException e) {
            failed(e);
            return;
        }
        if (!ControlCodec.APPLICATION_PROTOCOL.equals(tls.engine().getApplicationProtocol())) {
            bad("no protocol of ours by ALPN");
            return;
        }
        advance(Admission.Stage.PROVED);
        introduce(ctx.channel());
    }

    private void introduce(Channel out) {
        if (state != State.SHAKING) {
            return;
        }
        state = State.INTRODUCING;
        if (dialled()) {
            out.writeAndFlush(control(out, network.hello()), out.voidPromise());
        }
    }

    /** Largest frame that is taken now, bytes without its length. */
    int greatestFrame() {
        Peer there = peer;
        if (state != State.OPEN || there == null) {
            return ControlCodec.MAX_BYTES;
        }
        return there.restricted() && !network.isViewed(there) ? Frames.MAX_NEWCOMER_BYTES : Frames.MAX_MESSAGE_BYTES;
    }

    /** So many bytes more, or fewer, of a frame that is incomplete are kept. */
    void holds(int bytes) {
        network.holds(bytes);
    }

    /** Whether all connections together keep so much of incomplete frames that this one has to give way. */
    boolean holdsTooMuch() {
        Peer there = peer;
        return network.holdsTooMuch() && (there == null || !network.isViewed(there));
    }

    /** A frame came. */
    void received(byte kind, byte[] content) throws IOException {
        if (kind == Frames.MESSAGE) {
            network.received(peer(), content);
        } else {
            Control control = network.codec().decode(content, 0, content.length);
            Channel out = channel;
            if (out != null) {
                heard(out, control);
            }
        }
    }

    private void heard(Channel out, Control control) throws BadFrameException {
        if (control instanceof Control.Goodbye && state == State.OPEN) {
            orderly = true;
            fail(reach);
        } else if (control instanceof Control.Hello hello && !dialled() && state == State.INTRODUCING) {
            hello(out, hello);
        } else if (control instanceof Control.Welcome welcome && dialled() && state == State.INTRODUCING) {
            welcome(welcome);
        } else if (control instanceof Control.Refused refused && dialled() && state == State.INTRODUCING) {
            fail(Reach.refused(refused.reason(), refused.detail()));
        } else {
            throw new BadFrameException("a control frame out of turn");
        }
    }

    private void hello(Channel out, Control.Hello hello) {
        Introduction.Verdict verdict = network.introduction().judge(hello, proof);
        if (verdict.refusal() != null) {
            refuse(verdict.refusal(), verdict.detail());
            return;
        }
        out.writeAndFlush(control(out, network.welcome(hello.versions(), proof)), out.voidPromise());
        opened(Peer.of(hello.self(), verdict.grant()));
    }

    private void welcome(Control.Welcome welcome) throws BadFrameException {
        Introduction.Verdict verdict = network.introduction().judge(welcome, proof);
        if (verdict.refusal() != null) {
            network.refused(remote(), "a member that is not what it says");
            fail(Reach.refused(verdict.refusal(), verdict.detail()));
            return;
        }
        byte[] certificate = welcome.certificate();
        if (certificate != null && secured) {
            network.handshakes().adopt(certificate);
        }
        opened(Peer.of(welcome.self(), verdict.grant()));
    }

    private void opened(Peer there) {
        peer = there;
        state = State.OPEN;
        reach = Reach.of(Reach.Outcome.MEMBER);
        openedNanos = System.nanoTime();
        Channel out = channel;
        if (out != null && out.pipeline().get(FirstBytes.class) != null) {
            out.pipeline().remove(FirstBytes.class);
        }
        network.opened(this);
        network.outgoing().leave(untaken, waiting.bytes());
        waiting.drain(there.id(), message -> send(message, 0, message.length));
    }

    private void refuse(Refusal reason, String detail) {
        Channel out = channel;
        if (out == null || state == State.CLOSED) {
            return;
        }
        network.refused(remote(), "refused: " + reason.label());
        ended();
        out.writeAndFlush(control(out, new Control.Refused(reason, detail))).addListener(ChannelFutureListener.CLOSE);
    }

    private ByteBuf control(Channel out, Control control) {
        byte[] bytes = network.codec().encode(control);
        return Frames.of(out.alloc(), Frames.CONTROL, bytes, 0, bytes.length);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed(cause);
    }

    private void failed(Throwable thrown) {
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

    /** Ends it now. */
    private void fail(Reach why) {
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

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        boolean answered = reach.outcome() != Reach.Outcome.UNKNOWN || state == State.CLOSED;
        if (!answered && dialled()) {
            // It hung up on us without a word: it restarts, or is flooded.
            reach = Reach.of(Reach.Outcome.CONNECTED);
        }
        super.channelInactive(ctx);
        ended();
        network.closed(this);
    }

    private void ended() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            closedNanos = System.nanoTime();
            network.outgoing().leave(untaken, waiting.bytes());
            waiting.clear();
        }
    }

    private void advance(Admission.Stage to) {
        if (!dialled() && to.compareTo(stage) > 0) {
            network.advanced(this, stage, to);
            stage = to;
        }
    }

    private @Nullable InetAddress remote() {
        Channel out = channel;
        return out != null && out.remoteAddress() instanceof InetSocketAddress at ? at.getAddress() : null;
    }
}
