package io.scrimplb.seed;

/**
 * What a store held at one moment.
 *
 * @param seeds the seed object; empty when there was none
 * @param version to be handed back with the write
 */
public record SeedSnapshot(SeedSet seeds, SeedVersion version) {
    /** There is no object yet. */
    public static SeedSnapshot absent() {
        return new SeedSnapshot(SeedSet.empty(), new SeedVersion.Absent());
    }
}
