package io.scrimplb.proxy.h1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandler;
import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.exchange.Exchange;
import io.scrimplb.proxy.exchange.ExchangeLoop;
import io.scrimplb.proxy.exchange.OriginStream;
import io.scrimplb.proxy.exchange.Origins;
import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.ProxyContext;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.transport.Loop;
import io.scrimplb.proxy.upstream.ConnectionPools;
import io.scrimplb.proxy.upstream.Upstream;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP/1.x connections of one event loop share beside what exchanges do: the search for heads, and idle connections to
 * endpoints. Made and used on that loop alone, so an idle connection needs to hold none of it.
 */
public final class H1Loop implements Origins {
    private static final int USUAL_HEAD_BYTES = 2 * 1024;

    final Loop loop;
    final ProxyContext context;
    final ExchangeLoop exchanges;
    final ResponseWriter responseWriter = new ResponseWriter();
    final ConnectionPools<OriginConnection> pools;
    private final EventLoops loops;
    private final Function<ListenerHandle, ChannelInboundHandler> http2;

    /** @param http2 makes what takes a client's connection over that begins with HTTP/2, behind its first empty line */
    public H1Loop(EventLoops loops, ExchangeLoop exchanges, Function<ListenerHandle, ChannelInboundHandler> http2) {
        this.loops = loops;
        this.http2 = http2;
        this.exchanges = exchanges;
        this.loop = exchanges.loop();
        this.context = exchanges.context();
        this.pools = new ConnectionPools<>(loop);
    }

    ChannelInboundHandler http2(ListenerHandle listener) {
        return http2.apply(listener);
    }

    /**
     * Copies the next {@code length} bytes to {@link ExchangeLoop#headBytes}, or fewer when a head ends within the usual size:
     * what lies behind it, such as a body or further requests, need not be copied for each head anew.
     *
     * @param scanned bytes that were searched already
     * @return index behind the head's end, or -1 when it is not there
     */
    int findHead(ByteBuf in, int scanned, int length) {
        byte[] bytes = exchanges.headBytes(length);
        int first = Math.min(length, Math.max(scanned, USUAL_HEAD_BYTES));
        in.getBytes(in.readerIndex(), bytes, 0, first);
        int end = HeadScanner.end(bytes, scanned, first);
        if (end < 0 && first < length) {
            in.getBytes(in.readerIndex() + first, bytes, first, length - first);
            end = HeadScanner.end(bytes, first, length);
        }
        return end;
    }

    @Override
    public @Nullable OriginStream reuse(Endpoint endpoint, Exchange exchange, long maxIdleNanos) {
        OriginConnection kept = pools.of(endpoint.state()).take(loop.now(), maxIdleNanos);
        if (kept != null) {
            kept.serve(exchange);
        }
        return kept;
    }

    @Override
    public Connecting connect(Upstream upstream, Endpoint endpoint, Exchange exchange, Duration timeout) {
        OriginConnection made = new OriginConnection(this, endpoint.state(), exchange, false);
        loops.connect(loop, endpoint.address(), timeout, exchange.connectionHeader(), made, made::connectFailed);
        return made;
    }

    /** What speaks 1.1 for an exchange on a connection by TLS, which tells it that it is active. */
    public ChannelHandler speaking(Endpoint endpoint, Exchange exchange) {
        return new OriginConnection(this, endpoint.state(), exchange, true);
    }

    /** Something went wrong with a connection that should not. */
    public void troubled(Throwable cause) {
        exchanges.troubled(cause);
    }

    /** A reply to a client of whose request nothing is known, and whose connection is closed behind it. */
    public byte[] refusal(LocalReply reply) {
        return reply.render(false, exchanges.requestIds().next(), false, true);
    }

    /** Keeps a connection whose response has ended for a later request. */
    void keep(OriginConnection connection) {
        if (connection.endpoint().retired()
                || context.draining()
                || !connection.usable()
                || !pools.of(connection.endpoint()).offer(connection, loop.now())) {
            connection.close();
        }
    }
}
