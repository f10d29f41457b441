package io.scrimplb.proxy.h2;

import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.exchange.Exchange;
import io.scrimplb.proxy.exchange.OriginStream;
import io.scrimplb.proxy.exchange.Origins;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.upstream.Upstream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to endpoints that speak HTTP/2 in clear text with prior knowledge. An exchange joins one that
 * stands or is being made, and has another one made only when those are full. Made and used on that loop alone.
 */
public final class H2Origins implements Origins {
    private final EventLoops loops;
    private final H2Loop h2;
    private final H2Connections connections = new H2Connections();

    public H2Origins(EventLoops loops, H2Loop h2) {
        this.loops = loops;
        this.h2 = h2;
    }

    @Override
    public @Nullable OriginStream reuse(Endpoint endpoint, Exchange exchange, long maxIdleNanos) {
        return connections.reuse(endpoint, exchange);
    }

    @Override
    public Connecting connect(Upstream upstream, Endpoint endpoint, Exchange exchange, Duration timeout) {
        byte[] header = exchange.connectionHeader();
        WaitingExchange waiting = new WaitingExchange(exchange);
        if (header == null) {
            await(endpoint, timeout, waiting);
        } else {
            connect(
                    new H2OriginConnection(
                            h2, connections, endpoint, timeout, false, true, one -> await(endpoint, timeout, one)),
                    endpoint,
                    timeout,
                    header,
                    waiting);
        }
        return waiting;
    }

    /** Has an exchange wait for a connection that is being made. */
    private void await(Endpoint endpoint, Duration timeout, WaitingExchange waiting) {
        if (connections.join(endpoint, waiting)) {
            return;
        }
        H2OriginConnection made = new H2OriginConnection(
                h2, connections, endpoint, timeout, false, false, one -> await(endpoint, timeout, one));
        connections.add(made);
        connect(made, endpoint, timeout, null, waiting);
    }

    private void connect(
            H2OriginConnection made,
            Endpoint endpoint,
            Duration timeout,
            byte @Nullable [] header,
            WaitingExchange waiting) {
        made.await(waiting);
        loops.connect(h2.loop(), endpoint.address(), timeout, header, made, made::connectFailed);
    }
}
