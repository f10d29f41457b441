package io.scrimplb.proxy.h2;

import io.netty.channel.ChannelHandler;
import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.exchange.Exchange;
import io.scrimplb.proxy.exchange.OriginStream;
import io.scrimplb.proxy.exchange.Origins;
import io.scrimplb.proxy.h1.H1Loop;
import io.scrimplb.proxy.tls.OriginTls;
import io.scrimplb.proxy.tls.OriginTlsException;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.transport.Loop;
import io.scrimplb.proxy.upstream.Upstream;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to endpoints that are spoken with by TLS: HTTP/2 where the endpoint agrees to it (ALPN, RFC
 * 9113, 3.2), else 1.1. While it is not known which, exchanges that come at the same time wait for the first connection. Made
 * and used on that loop alone.
 */
public final class TlsOrigins implements Origins {
    private final EventLoops loops;
    private final H1Loop h1;
    private final H2Loop h2;
    private final H2Connections multiplexed = new H2Connections();
    private final Map<EndpointState, AlpnHandler> underWay = new IdentityHashMap<>();

    public TlsOrigins(EventLoops loops, H1Loop h1, H2Loop h2) {
        this.loops = loops;
        this.h1 = h1;
        this.h2 = h2;
    }

    @Override
    public @Nullable OriginStream reuse(Endpoint endpoint, Exchange exchange, long maxIdleNanos) {
        OriginStream stream = exchange.upgrades() ? null : multiplexed.reuse(endpoint, exchange);
        return stream == null ? h1.reuse(endpoint, exchange, maxIdleNanos) : stream;
    }

    @Override
    public Connecting connect(Upstream upstream, Endpoint endpoint, Exchange exchange, Duration timeout) {
        OriginTls tls = upstream.tls();
        if (tls == null) {
            exchange.connectFailed(OriginTlsException.unset());
            return () -> {};
        }
        byte[] header = exchange.connectionHeader();
        WaitingExchange waiting = new WaitingExchange(exchange);
        boolean upgrades = exchange.upgrades();
        if (header == null && !upgrades) {
            await(tls, endpoint, timeout, waiting);
        } else {
            // HTTP/2 has no place for what an upgrade asks for.
            OriginTls offered = upgrades ? tls.http1() : tls;
            AlpnHandler made = new AlpnHandler(this, offered, endpoint, timeout, header != null, waiting);
            connect(offered, endpoint, timeout, header, made);
        }
        return waiting;
    }

    /** Has an exchange wait for a connection that is being made: before, during or after its handshake. */
    private void await(OriginTls tls, Endpoint endpoint, Duration timeout, WaitingExchange waiting) {
        if (multiplexed.join(endpoint, waiting)) {
            return;
        }
        AlpnHandler begun = underWay.get(endpoint.state());
        if (begun != null && begun.join(waiting, multiplexed.expectedStreams(endpoint.state()))) {
            return;
        }
        AlpnHandler made = new AlpnHandler(this, tls, endpoint, timeout, false, waiting);
        if (!endpoint.state().http1Only()) {
            // In place of one that is full.
            underWay.put(endpoint.state(), made);
        }
        connect(tls, endpoint, timeout, null, made);
    }

    /** Has a connection made for one exchange, whatever becomes of others. */
    void connectAlone(OriginTls tls, Endpoint endpoint, Duration timeout, WaitingExchange waiting) {
        AlpnHandler made = new AlpnHandler(this, tls, endpoint, timeout, false, waiting);
        connect(tls, endpoint, timeout, null, made);
    }

    private void connect(
            OriginTls tls, Endpoint endpoint, Duration timeout, byte @Nullable [] header, AlpnHandler made) {
        Loop loop = h2.loop();
        ChannelHandler speaking = tls.handlers(loop, endpoint.address(), timeout, made, made::connectFailed);
        // The header goes in clear text, whatever follows.
        loops.connect(loop, endpoint.address(), timeout, header, speaking, made::connectFailed);
    }

    /** What speaks 1.1 for an exchange on a connection that stands. */
    ChannelHandler single(Endpoint endpoint, Exchange exchange) {
        return h1.speaking(endpoint, exchange);
    }

    /** What speaks HTTP/2 on a connection that stands. */
    H2OriginConnection multiplexed(OriginTls tls, Endpoint endpoint, Duration timeout, boolean single) {
        H2OriginConnection made = new H2OriginConnection(
                h2, multiplexed, endpoint, timeout, true, single, one -> await(tls, endpoint, timeout, one));
        if (!single) {
            multiplexed.add(made);
        }
        return made;
    }

    /** It is known what a connection under way became of. */
    void decided(AlpnHandler handler, Endpoint endpoint) {
        underWay.remove(endpoint.state(), handler);
    }
}
