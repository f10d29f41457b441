package io.scrimplb.seed;

/**
 * The side of a provider that can be written. Thread-safe; every call blocks for as long as the source's own time
 * limits allow.
 */
public interface SeedStore {
    /**
     * What is kept now, with its version.
     *
     * @throws SeedCorruptException when the object is there but is not a seed object; it may be overwritten
     * @throws SeedException when the store cannot be read
     */
    SeedSnapshot read() throws SeedException;

    /**
     * Replaces the object, if it is still the one that was read.
     *
     * @throws SeedConflictException when somebody else wrote since; nothing was changed
     * @throws SeedException when the store cannot be written
     */
    void write(SeedSet seeds, SeedVersion version) throws SeedException;
}
