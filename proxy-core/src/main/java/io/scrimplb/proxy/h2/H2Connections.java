package io.scrimplb.proxy.h2;

import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.exchange.Exchange;
import io.scrimplb.proxy.exchange.OriginStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections of one event loop that exchanges may join, by their endpoints, however they were made. On that loop
 * alone.
 */
final class H2Connections {
    private final Map<EndpointState, List<H2OriginConnection>> byEndpoint = new IdentityHashMap<>();

    /**
     * A stream on a connection with room; null when there is none. However long that was idle: an endpoint that closes it says
     * which requests it did nothing with.
     */
    @Nullable
    OriginStream reuse(Endpoint endpoint, Exchange exchange) {
        H2OriginConnection found = find(endpoint.state(), true);
        return found == null ? null : found.serve(exchange);
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

    /** How many streams a connection to that endpoint takes, as far as one that stands has told. */
    int expectedStreams(EndpointState endpoint) {
        for (H2OriginConnection connection : byEndpoint.getOrDefault(endpoint, List.of())) {
            if (connection.stands()) {
                return connection.mostStreams();
            }
        }
        return H2OriginConnection.MAX_STREAMS;
    }

    private @Nullable H2OriginConnection find(EndpointState endpoint, boolean stands) {
        for (H2OriginConnection connection : byEndpoint.getOrDefault(endpoint, List.of())) {
            if (connection.stands() == stands && connection.hasRoom()) {
                return connection;
            }
        }
        return null;
    }

    /** Exchanges may join that connection. */
    void add(H2OriginConnection made) {
        byEndpoint.computeIfAbsent(made.endpoint(), state -> new ArrayList<>()).add(made);
    }

    /** A connection takes no more streams. */
    void ended(H2OriginConnection connection) {
        List<H2OriginConnection> there = byEndpoint.get(connection.endpoint());
        if (there != null && there.remove(connection) && there.isEmpty()) {
            byEndpoint.remove(connection.endpoint());
        }
    }
}
