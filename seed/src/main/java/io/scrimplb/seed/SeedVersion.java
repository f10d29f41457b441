package io.scrimplb.seed;

/** What the store knew of the object when it was read, so that a write can be refused when somebody wrote meanwhile. */
public sealed interface SeedVersion {
    /** There was no object: the write must be the first one. */
    record Absent() implements SeedVersion {}

    /** There was an object, but the store gives no tag: the write cannot be made conditional. */
    record Untagged() implements SeedVersion {}

    /** The store's own tag of what was read, opaque to all but the store. */
    record Tagged(String tag) implements SeedVersion {}
}
