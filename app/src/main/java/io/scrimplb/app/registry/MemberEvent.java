package io.scrimplb.app.registry;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may happen to a member. The log tells all of it, the metric what its label {@code event} knows. */
public enum MemberEvent {
    JOIN("join", "join"),
    /** It is out of the view and so are its endpoints. */
    LEAVE("leave", "leave"),
    /** It is out of the view and its endpoints stay; seen again it joins. */
    HELD("held", "leave"),
    SUSPECT("suspect", "suspect"),
    /** It answers again. */
    UNSUSPECT("unsuspect", null);

    private final String label;
    private final @Nullable String metricLabel;

    MemberEvent(String label, @Nullable String metricLabel) {
        this.label = label;
        this.metricLabel = metricLabel;
    }

    /** For the log. */
    public String label() {
        return label;
    }

    /** The value of the metric label {@code event}: join, leave or suspect; empty when it is not counted. */
    public Optional<String> metricLabel() {
        return Optional.ofNullable(metricLabel);
    }
}
