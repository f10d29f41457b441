package io.scrimplb.seed;

import java.util.List;
import java.util.Optional;

/**
 * A place where seeds are kept. Implementations are thread-safe; every call may block for as long as the source's own
 * time limits allow (at most 15 s in all) and must not be made on a thread that may not wait.
 */
public interface SeedProvider extends AutoCloseable {
    /** The provider's type as the configuration names it, such as {@code s3}. */
    String type();

    /** Where it looks, for messages; never holds a secret. */
    String location();

    /**
     * The seeds kept now, in the source's order; empty when the source exists and holds none, or does not exist yet.
     *
     * @throws SeedException when the source cannot be read or what it holds is not a seed object
     */
    List<Seed> seeds() throws SeedException;

    /** The side that can be written; empty when the source is only read, and then there is nothing to publish. */
    default Optional<SeedStore> store() {
        return Optional.empty();
    }

    /** Releases what the provider holds. */
    @Override
    default void close() {}
}
