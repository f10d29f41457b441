package io.scrimplb.proxy.spec;

/** How a balancer orders the endpoints of an upstream. */
public enum BalancePolicy {
    /** Each in turn, as often as its weight says. */
    ROUND_ROBIN,
    /**
     * The one with fewer requests in flight for its weight, of two drawn at random (Mitzenmacher, "The Power of Two
     * Choices in Randomized Load Balancing", 2001).
     */
    P2C
}
