package io.scrimplb.seed;

import java.util.Locale;

/** How one attempt to push ended. */
public enum PushResult {
    /** The own seed stands in the store. */
    OK,
    /** The store could not be read or written. */
    FAILED,
    /** Somebody else wrote at the same time; tried again at once. */
    CONFLICT;

    /** The value of the metric's label {@code result}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
