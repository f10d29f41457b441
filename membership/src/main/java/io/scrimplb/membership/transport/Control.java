package io.scrimplb.membership.transport;

import io.scrimplb.membership.Role;
import java.net.InetSocketAddress;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the two ends of a connection say to each other beside messages. */
sealed interface Control {
    /**
     * A member as it names itself.
     *
     * @param id proved by its certificate where the cluster has a secret
     * @param reachedAt where others connect to it
     */
    record Self(UUID id, Role role, String name, InetSocketAddress reachedAt) {}

    /**
     * First words of the side that connects.
     *
     * @param versions what its program speaks
     */
    record Hello(Versions versions, String cluster, Self self) implements Control {}

    /**
     * The answer to one who may come in.
     *
     * @param version of the protocol that is spoken from now on
     * @param certificate for one who came with a token: proves it from now on; DER
     */
    record Welcome(int version, Self self, byte @Nullable [] certificate) implements Control {}

    /**
     * The answer to one who may not.
     *
     * @param detail what the reason is about, such as the name of the cluster that answers; empty for nothing
     */
    record Refused(Refusal reason, String detail) implements Control {}

    /** The other end closes on purpose; it did not crash. */
    record Goodbye() implements Control {}
}
