package io.scrimplb.proxy.upstream;

import io.scrimplb.proxy.balance.Balancer;
import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.transport.Loop;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one exchange or session at endpoints, one at a time: the only place that touches requests in flight and
 * an endpoint's counters. Begin and end come in pairs however an attempt ends. Belongs to one event loop and is used again
 * for the next exchange.
 */
public final class Attempt implements Balancer.Tried {
    /** Endpoints tried for one exchange at most. */
    public static final int MAX_TRIES = 3;

    private final Loop loop;
    private final @Nullable Endpoint[] tried = new @Nullable Endpoint[MAX_TRIES];
    private int triedCount;
    private @Nullable Endpoint current;
    private long begunNanos;
    private int status;

    public Attempt(Loop loop) {
        this.loop = loop;
    }

    /** Picks the next endpoint of an upstream and begins the attempt; null when none is left or enough were tried. */
    public @Nullable Endpoint next(Upstream upstream) {
        end();
        if (triedCount == MAX_TRIES) {
            return null;
        }
        Endpoint endpoint = upstream.balancer().pick(this);
        if (endpoint == null) {
            return null;
        }
        if (triedCount > 0) {
            upstream.counters().retry(loop.index());
        }
        tried[triedCount++] = endpoint;
        begin(endpoint);
        return endpoint;
    }

    /** Begins a further attempt at the endpoint that was tried last: a kept connection to it had gone stale. */
    public void again(Endpoint endpoint) {
        end();
        begin(endpoint);
    }

    private void begin(Endpoint endpoint) {
        current = endpoint;
        status = 0;
        begunNanos = loop.now();
        endpoint.state().attemptBegun();
        endpoint.state().counters().begun(loop.index());
    }

    /** The endpoint of the attempt under way, or null. */
    public @Nullable Endpoint endpoint() {
        return current;
    }

    /** The head of the final response came. */
    public void responded(int responseStatus) {
        Endpoint endpoint = current;
        if (endpoint != null) {
            status = responseStatus;
            endpoint.state().counters().responded(loop.index(), loop.now() - begunNanos);
        }
    }

    /** Ends the attempt under way, if there is one. */
    public void end() {
        Endpoint endpoint = current;
        if (endpoint != null) {
            current = null;
            endpoint.state().attemptEnded();
            endpoint.state().counters().ended(loop.index(), status);
        }
    }

    /** Further endpoints tried after the first. */
    public int retries() {
        return Math.max(0, triedCount - 1);
    }

    /** Forgets what was tried, for the next exchange; ends an attempt under way. */
    public void reset() {
        end();
        for (int i = 0; i < triedCount; i++) {
            tried[i] = null;
        }
        triedCount = 0;
    }

    @Override
    public boolean excludes(Endpoint endpoint) {
        for (int i = 0; i < triedCount; i++) {
            if (tried[i] == endpoint) {
                return true;
            }
        }
        return false;
    }
}
