package io.scrimplb.proxy.h1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.http.RequestIds;
import io.scrimplb.proxy.routing.ProxyContext;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.transport.Loop;
import io.scrimplb.proxy.upstream.ConnectionPools;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the HTTP/1.x connections of one event loop share: scratch space for heads, the parsed head in hand, idle connections
 * to endpoints, exchanges to use again. Made and used on that loop alone, so an idle connection needs to hold none of it.
 */
public final class H1Loop {
    /** Exchanges kept for the next requests; further ones are left to the collector. */
    private static final int MAX_SPARE_EXCHANGES = 256;

    private static final int USUAL_HEAD_BYTES = 2 * 1024;

    private static final Logger log = LoggerFactory.getLogger(H1Loop.class);
    private static final long TROUBLE_QUIET_NANOS = 60_000_000_000L;

    final Loop loop;
    final ProxyContext context;
    final RequestHead requestHead = new RequestHead();
    final ResponseHead responseHead = new ResponseHead();
    final ResponseWriter responseWriter = new ResponseWriter();
    final RequestRouter router = new RequestRouter();
    final RequestIds requestIds = new RequestIds();
    final ConnectionPools<OriginConnection> pools;
    private final EventLoops loops;
    private final ArrayDeque<Exchange> spare = new ArrayDeque<>();
    private long troubleToldNanos = System.nanoTime() - TROUBLE_QUIET_NANOS;
    private byte[] headBytes = new byte[8 * 1024];

    public H1Loop(EventLoops loops, Loop loop, ProxyContext context) {
        this.loops = loops;
        this.loop = loop;
        this.context = context;
        this.pools = new ConnectionPools<>(loop);
    }

    /** Where a head is copied to and parsed; its content is lost at the next call. */
    byte[] headBytes(int size) {
        if (headBytes.length < size) {
            headBytes = new byte[Math.max(size, headBytes.length * 2)];
        }
        return headBytes;
    }

    /**
     * Copies the next {@code length} bytes to {@link #headBytes}, or fewer when a head ends within the usual size: what lies
     * behind it, such as a body or further requests, need not be copied for each head anew.
     *
     * @param scanned bytes that were searched already
     * @return index behind the head's end, or -1 when it is not there
     */
    int findHead(ByteBuf in, int scanned, int length) {
        byte[] bytes = headBytes(length);
        int first = Math.min(length, Math.max(scanned, USUAL_HEAD_BYTES));
        in.getBytes(in.readerIndex(), bytes, 0, first);
        int end = HeadScanner.end(bytes, scanned, first);
        if (end < 0 && first < length) {
            in.getBytes(in.readerIndex() + first, bytes, first, length - first);
            end = HeadScanner.end(bytes, first, length);
        }
        return end;
    }

    /** Something went wrong that should not: in full now and then, since a stranger may be able to bring it about often. */
    void troubled(Throwable cause) {
        context.unattributed().error(loop.index(), ErrorCause.INTERNAL);
        long now = System.nanoTime();
        if (now - troubleToldNanos >= TROUBLE_QUIET_NANOS) {
            troubleToldNanos = now;
            log.error("an exchange could not be handled", cause);
        } else {
            log.debug("an exchange could not be handled", cause);
        }
    }

    /** A reply to a client of whose request nothing is known, and whose connection is closed behind it. */
    public byte[] refusal(LocalReply reply) {
        byte[] id = new byte[RequestIds.LENGTH];
        requestIds.next(id, 0);
        return reply.render(false, new String(id, StandardCharsets.US_ASCII), false, true);
    }

    Exchange takeExchange() {
        Exchange exchange = spare.pollLast();
        return exchange == null ? new Exchange(this) : exchange;
    }

    void giveBack(Exchange exchange) {
        if (spare.size() < MAX_SPARE_EXCHANGES) {
            spare.addLast(exchange);
        }
    }

    /** Connects to an endpoint; the connection tells its exchange how that went. */
    void connect(OriginConnection connection, InetSocketAddress address, Duration timeout) {
        ChannelFuture connecting =
                loops.client(loop, timeout).handler(connection).connect(address);
        loop.listen(connecting, done -> {
            loop.tick();
            Throwable cause = done.cause();
            if (cause != null) {
                connection.connectFailed(cause);
            }
        });
    }

    /** Keeps a connection whose response has ended for a later request. */
    void release(OriginConnection connection) {
        if (connection.endpoint().retired()
                || context.draining()
                || !connection.usable()
                || !pools.of(connection.endpoint()).offer(connection, loop.now())) {
            connection.close();
        }
    }
}
