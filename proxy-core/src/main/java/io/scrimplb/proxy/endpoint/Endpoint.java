package io.scrimplb.proxy.endpoint;

import java.net.InetSocketAddress;

/**
 * One address of an upstream as one snapshot knows it. Immutable but for its state, which it shares with the endpoint of
 * the same key in the snapshots before and after.
 */
public final class Endpoint {
    private final EndpointKey key;
    private final int weight;
    private final boolean suspected;
    private final EndpointState state;

    public Endpoint(EndpointKey key, int weight, boolean suspected, EndpointState state) {
        this.key = key;
        this.weight = weight;
        this.suspected = suspected;
        this.state = state;
    }

    public EndpointKey key() {
        return key;
    }

    public InetSocketAddress address() {
        return key.address();
    }

    /** Share of the requests relative to the other endpoints, at least 1. */
    public int weight() {
        return weight;
    }

    public EndpointState state() {
        return state;
    }

    /** Whether it should be taken while another one is there too. */
    public boolean preferred() {
        return !suspected && !state.resting();
    }

    @Override
    public String toString() {
        return key.member() + "@" + key.address();
    }
}
