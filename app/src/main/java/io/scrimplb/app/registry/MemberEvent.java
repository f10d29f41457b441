package io.scrimplb.app.registry;

/** What may happen to a member; the metric label {@code event}. */
public enum MemberEvent {
    JOIN("join"),
    LEAVE("leave"),
    SUSPECT("suspect");

    private final String label;

    MemberEvent(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
