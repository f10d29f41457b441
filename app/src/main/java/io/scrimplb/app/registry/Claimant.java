package io.scrimplb.app.registry;

import java.util.Comparator;

/**
 * Who made a claim, and when in relation to others. The least one holds it.
 *
 * @param sequence unique for each claim that was made, growing
 */
record Claimant(Rank rank, long sequence, String application) implements Comparable<Claimant> {
    private static final Comparator<Claimant> ORDER =
            Comparator.comparing(Claimant::rank).thenComparingLong(Claimant::sequence);

    /** A better rank holds a claim whoever came first. */
    enum Rank {
        /** The operator's own file. */
        STATIC,
        /** Announced, with endpoints. */
        LIVE,
        /** Known, with no endpoint left: keeps its 503 only where nobody else wants the place. */
        REMEMBERED
    }

    @Override
    public int compareTo(Claimant other) {
        return ORDER.compare(this, other);
    }
}
