package io.scrimplb.app.metrics;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Lets so many values of a label have series of their own; the rest share {@code other}. First come, first served, and
 * whoever has one keeps it while it exists. Not thread-safe.
 */
final class LabelCap {
    /** The label value of everything that got no series of its own. */
    static final String OTHER = "other";

    private final int limit;
    private final Set<String> admitted = new LinkedHashSet<>();

    LabelCap(int limit) {
        this.limit = limit;
    }

    /** To be told all values that exist, before they are looked up. */
    void refresh(Collection<String> present) {
        admitted.retainAll(new HashSet<>(present));
        for (String value : present) {
            if (admitted.size() >= limit) {
                return;
            }
            admitted.add(value);
        }
    }

    String label(String value) {
        return admitted.contains(value) ? value : OTHER;
    }
}
