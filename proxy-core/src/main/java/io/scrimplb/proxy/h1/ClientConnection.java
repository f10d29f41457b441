package io.scrimplb.proxy.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.scrimplb.proxy.exchange.ClientPeer;
import io.scrimplb.proxy.exchange.ClientStream;
import io.scrimplb.proxy.exchange.Exchange;
import io.scrimplb.proxy.exchange.ExchangeRecord;
import io.scrimplb.proxy.exchange.OriginStream;
import io.scrimplb.proxy.exchange.RequestFacts;
import io.scrimplb.proxy.exchange.Tunnel;
import io.scrimplb.proxy.http.HeadBuffer;
import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.http.MessageBody;
import io.scrimplb.proxy.http.OwnResponse;
import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.http.ResponseHead;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.tls.TlsSession;
import io.scrimplb.proxy.transport.LingeringClose;
import io.scrimplb.proxy.transport.SendBuffer;
import io.scrimplb.proxy.transport.StallWatch;
import io.scrimplb.proxy.transport.Swept;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/1.x connection. Reads one request after the other, answers them in order, and holds nothing while it is
 * idle. Bytes that come too early (pipelined requests, a body before there is a connection to take it) wait in one bounded
 * buffer; beyond it nothing is read, unless a client ends its output: then epoll hands over all that the kernel holds.
 */
public final class ClientConnection extends ChannelInboundHandlerAdapter implements ClientStream, Swept {
    /** Bytes that may wait before reading stops. */
    private static final int MAX_WAITING_BYTES = 64 * 1024;

    private enum Phase {
        /** Waiting for a request head, or in the middle of one. */
        HEAD,
        /** The request's body is being read. */
        BODY,
        /** The request is read, its response is not finished. */
        RESPONSE,
        /** Closed, or handed over to a tunnel or to the handler that closes it. */
        GONE
    }

    private final H1Loop h1;
    private final ListenerHandle listener;
    private final @Nullable TlsSession tls;
    private final SendBuffer sending;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable ClientPeer peer;
    private @Nullable Exchange exchange;
    private final InputBuffer input = new InputBuffer();
    private final HeadReader heads = new HeadReader();
    private final ResponsePlan plan = new ResponsePlan();
    private Phase phase = Phase.HEAD;
    private boolean advancing;
    private int sweepIndex = NOT_SWEPT;
    private final StallWatch watch = new StallWatch();
    private long bytesIn;
    private long bytesInBeforeHead;
    private long bytesOut;

    /** @param tls what was agreed with the client; null in clear text */
    public ClientConnection(H1Loop h1, ListenerHandle listener, @Nullable TlsSession tls) {
        this.h1 = h1;
        this.listener = listener;
        this.tls = tls;
        this.sending = tls == null ? h1.loop.sending() : h1.loop.encrypting();
    }

    // ---- what the channel tells

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        h1.loop.share(context.channel());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        watch.restart(h1.loop.tick());
        h1.loop.enlist(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        h1.loop.tick();
        ByteBuf bytes = (ByteBuf) message;
        countIn(bytes.readableBytes());
        if (phase == Phase.GONE) {
            bytes.release();
            return;
        }
        input.append(bytes, alloc());
        advance();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Exchange current = exchange;
        if (current != null) {
            current.flushOrigin();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!context.channel().isWritable() || phase == Phase.GONE) {
            return;
        }
        h1.loop.tick();
        Exchange current = exchange;
        if (current != null) {
            current.clientWritable();
        } else {
            advance();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        phase = Phase.GONE;
        h1.loop.tick();
        h1.loop.dismiss(this);
        input.drop();
        Exchange current = exchange;
        if (current != null) {
            current.clientGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            h1.exchanges.troubled(cause);
        }
        context.close();
    }

    // ---- reading requests

    /** Goes on with what waits to be read, as far as it goes. */
    @Override
    public void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            boolean more = true;
            while (more) {
                more = switch (phase) {
                    case HEAD -> takeHead();
                    case BODY -> takeBody();
                    default -> false;
                };
            }
        } catch (RuntimeException e) {
            h1.exchanges.troubled(e);
            context().close();
        } finally {
            advancing = false;
        }
        if (phase != Phase.GONE) {
            input.settle(alloc());
            updateReading();
        }
    }

    private boolean takeHead() {
        if (!isWritable()) {
            // A client that does not read its answers is not asked for more requests.
            return false;
        }
        if (heads.atStart()) {
            bytesInBeforeHead = bytesIn();
        }
        ByteBuf in = input.bytes();
        RequestHead head = h1.exchanges.requestHead();
        if (!heads.read(in, h1, head, h1.context.snapshot().limits())) {
            LocalReply refusal = heads.refusal();
            // Inside TLS it is ALPN that tells (RFC 9113, 3.2).
            if (refusal != null && tls == null && bytesInBeforeHead == 0 && HeadReader.isHttp2(head)) {
                becomeHttp2();
            } else if (refusal != null) {
                refuse(refusal, head.complete && head.prefersJson(), !head.methodIs("HEAD"));
            }
            return false;
        }
        Exchange next = h1.exchanges.takeExchange();
        exchange = next;
        phase = Phase.BODY;
        plan.reset();
        next.begin(this, head, in, heads.beginNanos());
        return true;
    }

    /** The first bytes were those with which a client begins that just knows HTTP/2 to be spoken (RFC 9113, 3.3). */
    private void becomeHttp2() {
        ChannelPipeline pipeline = channel().pipeline();
        ByteBuf behind = input.take();
        leave();
        // The next handler counts what it is given, and these were counted when they came.
        countIn(-behind.readableBytes());
        ChannelInboundHandler next = h1.http2(listener);
        pipeline.addLast(next);
        try {
            // Past the handlers before it, which have seen these bytes.
            next.channelRead(pipeline.context(next), behind);
        } catch (Exception e) {
            pipeline.fireExceptionCaught(e);
        }
    }

    private boolean takeBody() {
        Exchange current = exchange;
        if (current == null) {
            return false;
        }
        if (!current.requestDone() && !input.isEmpty()) {
            current.forwardBody(input.bytes());
        }
        // Forwarding may have ended the exchange, and even begun the next phase of this connection.
        if (phase == Phase.BODY && exchange == current && current.requestDone()) {
            phase = Phase.RESPONSE;
        }
        return phase == Phase.HEAD;
    }

    /** Reads on or stops reading, as the exchange, the waiting bytes and the client's own reading demand. */
    private void updateReading() {
        Exchange current = exchange;
        boolean read;
        if (current == null) {
            // A head is bounded by its own limit, and must be read to its end.
            read = isWritable();
        } else {
            read = input.size() <= MAX_WAITING_BYTES && !current.originIsFull();
        }
        Channel channel = channel();
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    // ---- what exchanges use

    @Override
    public ListenerHandle listener() {
        return listener;
    }

    private Channel channel() {
        return context().channel();
    }

    @Override
    public ByteBufAllocator alloc() {
        return context().alloc();
    }

    @Override
    public ClientPeer peer() {
        ClientPeer known = peer;
        if (known == null) {
            known = ClientPeer.of(channel(), tls);
            peer = known;
        }
        return known;
    }

    /** Whether no further request may follow on this connection. */
    private boolean mustClose() {
        return h1.context.draining() || listener.retired();
    }

    @Override
    public boolean isWritable() {
        return channel().isWritable();
    }

    @Override
    public long pendingMark() {
        return LingeringClose.pendingMark(channel());
    }

    @Override
    public void interim(ResponseHead head) {
        write(h1.responseWriter.writeInterim(head));
    }

    @Override
    public void responseHead(ResponseHead head, RequestFacts facts, MessageBody body, boolean mayPersist) {
        plan.decide(head, facts, body, mayPersist && !mustClose());
        write(plan.write(head, h1.responseWriter, facts.hsts));
    }

    @Override
    public void responseBody(ByteBuf part, boolean last) {
        countOut(part.readableBytes());
        sending.put(channel(), part);
    }

    /** The trailer went on with the body, as the plan had it. */
    @Override
    public void responseEnd(byte[] trailers) {}

    @Override
    public void reply(LocalReply reply, RequestFacts facts, boolean mayPersist) {
        plan.local(facts.keepAlive && mayPersist && !mustClose());
        write(reply.render(facts.prefersJson, facts.requestId(), plan.persistent(), !facts.isHead));
    }

    @Override
    public void answer(OwnResponse response, RequestFacts facts, boolean mayPersist) {
        plan.local(facts.keepAlive && mayPersist && !mustClose());
        write(response.render(facts.requestId(), plan.persistent(), !facts.isHead));
    }

    @Override
    public void upgraded(ResponseHead head, Tunnel tunnel, OriginStream origin, ByteBuf behindHead, long idleNanos) {
        interim(head);
        flush();
        Channel channel = channel();
        exchange = null;
        leave();
        tunnel.open(h1.loop, channel, input.take(), origin.detach(), behindHead, idleNanos);
    }

    private void write(HeadBuffer bytes) {
        countOut(bytes.length());
        bytes.sendTo(sending, channel());
    }

    private void write(byte[] bytes) {
        countOut(bytes.length);
        sending.put(channel(), bytes, 0, bytes.length);
    }

    @Override
    public void flush() {
        sending.flush(channel());
    }

    @Override
    public void forget(Exchange ended) {
        if (exchange == ended) {
            exchange = null;
        }
    }

    @Override
    public void exchangeEnded(boolean requestRead) {
        if (phase == Phase.GONE) {
            return;
        }
        boolean keep = plan.persistent();
        watch.restart(h1.loop.now());
        if (keep && !mustClose()) {
            phase = Phase.HEAD;
            flush();
            advance();
        } else {
            // A client that was told the connection stays may have sent its next request already.
            close(keep || !requestRead || !input.isEmpty());
        }
    }

    @Override
    public void cut(boolean clientStalls) {
        // Where the end of the connection is the end of the response, only a reset can show that it is not whole.
        if (clientStalls || plan.closeDelimited()) {
            LingeringClose.reset(channel());
        } else {
            close(false);
        }
    }

    private void refuse(LocalReply reply, boolean json, boolean withBody) {
        String requestId = h1.exchanges.requestIds().next();
        byte[] bytes = reply.render(json, requestId, false, withBody);
        ExchangeRecord.refused(h1.exchanges, this, "HTTP/1.1", reply, requestId, heads.beginNanos(), bytes.length);
        write(bytes);
        close(true);
    }

    /** Closes once what is written is out; {@code linger} when the client may still be sending. */
    private void close(boolean linger) {
        Channel channel = channel();
        long stallNanos = h1.context.snapshot().deadlines().clientIdle();
        flush();
        input.drop();
        if (!linger && SendBuffer.isSent(channel)) {
            phase = Phase.GONE;
            channel.close();
        } else {
            leave();
            LingeringClose.of(h1.loop, channel, linger, stallNanos);
        }
    }

    private void leave() {
        phase = Phase.GONE;
        h1.loop.dismiss(this);
        context().pipeline().remove(this);
    }

    @Override
    public long bytesIn() {
        return bytesIn - input.size();
    }

    @Override
    public long bytesInBeforeHead() {
        return bytesInBeforeHead;
    }

    @Override
    public long bytesOut() {
        return bytesOut;
    }

    @Override
    public void countIn(int bytes) {
        bytesIn += bytes;
        listener.counters().received(h1.loop.index(), bytes);
    }

    @Override
    public void countOut(int bytes) {
        bytesOut += bytes;
        listener.counters().sent(h1.loop.index(), bytes);
    }

    // ---- deadlines

    @Override
    public void sweep(long nowNanos) {
        Snapshot.Deadlines deadlines = h1.context.snapshot().deadlines();
        Exchange current = exchange;
        if (current != null) {
            current.sweep(nowNanos);
        } else if (!input.isEmpty() && isWritable()) {
            if (nowNanos - heads.beginNanos() > deadlines.clientHeader()) {
                refuse(LocalReply.HEADER_TIMEOUT, false, true);
            }
        } else if (watch.still(pendingMark(), nowNanos) > deadlines.clientIdle()) {
            // A slow reader may take its time as long as it takes something; who takes nothing gets no clean end.
            if (isWritable()) {
                channel().close();
            } else {
                LingeringClose.reset(channel());
            }
        }
    }

    @Override
    public void drain() {
        if (phase == Phase.HEAD && input.isEmpty() && mustClose()) {
            close(false);
        }
    }

    @Override
    public void abort() {
        channel().close();
    }

    @Override
    public int sweepIndex() {
        return sweepIndex;
    }

    @Override
    public void sweepIndex(int index) {
        sweepIndex = index;
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext present = ctx;
        if (present == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return present;
    }
}
