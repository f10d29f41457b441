package io.scrimplb.proxy.h2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.exchange.Exchange;
import io.scrimplb.proxy.tls.OriginTls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Inside TLS on a connection to an endpoint until the handshake has told which version of HTTP is spoken there. */
final class AlpnHandler extends ChannelInboundHandlerAdapter {
    private final TlsOrigins origins;
    private final OriginTls tls;
    private final Endpoint endpoint;
    private final Duration timeout;
    private final boolean single;
    private final List<WaitingExchange> waiting = new ArrayList<>();
    private boolean over;

    /**
     * @param single whether the connection serves one exchange, since it began with the address of that one's client
     * @param first waits for it
     */
    AlpnHandler(
            TlsOrigins origins,
            OriginTls tls,
            Endpoint endpoint,
            Duration timeout,
            boolean single,
            WaitingExchange first) {
        this.origins = origins;
        this.tls = tls;
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.single = single;
        waiting.add(first);
    }

    /** Has a further exchange wait for the handshake; false when so many do, or it is over. */
    boolean join(WaitingExchange exchange, int atMost) {
        if (over || waiting.size() >= atMost) {
            return false;
        }
        waiting.add(exchange);
        return true;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        over();
        SslHandler engine = ctx.pipeline().get(SslHandler.class);
        boolean http2 = engine != null && ApplicationProtocolNames.HTTP_2.equals(engine.applicationProtocol());
        if (tls.http1() != tls) {
            // It was asked.
            endpoint.state().http1Only(!http2);
        }
        if (http2) {
            H2OriginConnection connection = origins.multiplexed(tls, endpoint, timeout, single);
            waiting.forEach(connection::await);
            ctx.pipeline().addLast(connection);
        } else {
            WaitingExchange first = first();
            Exchange exchange = first == null ? null : first.take();
            if (exchange == null) {
                // Nobody waits any more, and a connection of 1.1 is made for somebody.
                ctx.close();
                return;
            }
            ctx.pipeline().addLast(origins.single(endpoint, exchange));
        }
        ctx.fireChannelActive();
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
        if (!http2) {
            // Each of the others has a connection of its own made.
            waiting.forEach(one -> origins.connectAlone(tls, endpoint, timeout, one));
        }
    }

    private @Nullable WaitingExchange first() {
        waiting.removeIf(WaitingExchange::abandoned);
        return waiting.isEmpty() ? null : waiting.remove(0);
    }

    /** There is no connection, or no TLS. */
    void connectFailed(Throwable cause) {
        if (!over) {
            over();
            waiting.forEach(one -> one.fail(cause));
        }
    }

    private void over() {
        over = true;
        origins.decided(this, endpoint);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connectFailed(new IOException("the connection ended as it began"));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
