package io.scrimplb.seed;

/** The seed this load balancer publishes; asked before every push, since a machine's address may change. */
@FunctionalInterface
public interface OwnSeed {
    /**
     * The own address and port as they are now.
     *
     * @throws SeedException when the own address is not known now; the push fails and is tried again
     */
    Seed get() throws SeedException;
}
