package io.scrimplb.proxy.h2;

import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.exchange.Exchange;
import io.scrimplb.proxy.exchange.OriginStream;
import io.scrimplb.proxy.exchange.Origins;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.upstream.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to endpoints that speak HTTP/2 in clear text with prior knowledge. An exchange joins one that
 * stands or is being made, and has another one made only when those are full. Made and used on that loop alone.
 */
public final class H2Origins implements Origins {
    private final EventLoops loops;
    private final H2Loop h2;
    private final Map<EndpointState, List<H2OriginConnection>> connections = new IdentityHashMap<>();

    public H2Origins(EventLoops loops, H2Loop h2) {
        this.loops = loops;
        this.h2 = h2;
    }

    /**
     * A stream on a connection with room. However long that was idle: an endpoint that closes it says which requests it did
     * nothing with.
     */
    @Override
    public @Nullable OriginStream reuse(Endpoint endpoint, Exchange exchange, long maxIdleNanos) {
        H2OriginConnection found = find(endpoint.state(), true);
        return found == null ? null : found.serve(exchange);
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
                            h2, this, endpoint, timeout, false, true, one -> await(endpoint, timeout, one)),
                    endpoint,
                    timeout,
                    header,
                    waiting);
        }
        return waiting;
    }

    /** Has an exchange wait for a connection that is being made. */
    void await(Endpoint endpoint, Duration timeout, WaitingExchange waiting) {
        if (join(endpoint, waiting)) {
            return;
        }
        H2OriginConnection made =
                new H2OriginConnection(h2, this, endpoint, timeout, false, false, one -> await(endpoint, timeout, one));
        add(made);
        connect(made, endpoint, timeout, null, waiting);
    }

    /** Has an exchange wait for a connection of which it is not known yet how many streams it takes; false when there is none. */
    boolean join(Endpoint endpoint, WaitingExchange waiting) {
        H2OriginConnection begun = find(endpoint.state(), false);
        if (begun == null) {
            return false;
        }
        begun.await(waiting);
        return true;
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

    private @Nullable H2OriginConnection find(EndpointState endpoint, boolean stands) {
        List<H2OriginConnection> there = connections.get(endpoint);
        if (there != null) {
            for (H2OriginConnection connection : there) {
                if (connection.stands() == stands && connection.hasRoom()) {
                    return connection;
                }
            }
        }
        return null;
    }

    /** Exchanges may join that connection. */
    void add(H2OriginConnection made) {
        connections.computeIfAbsent(made.endpoint(), state -> new ArrayList<>()).add(made);
    }

    /** A connection takes no more streams. */
    void ended(H2OriginConnection connection) {
        List<H2OriginConnection> there = connections.get(connection.endpoint());
        if (there != null && there.remove(connection) && there.isEmpty()) {
            connections.remove(connection.endpoint());
        }
    }
}
