package io.scrimplb.app.runtime;

/** The process cannot start. The message is one line: what, where, what to do about it. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    /** Whose business it is, and so the exit code. */
    public enum Kind {
        /** Something failed that no configuration names. */
        FAILED,
        /** The configuration asks for what cannot be. */
        CONFIGURATION,
        /** A port is taken or not permitted. */
        PORT
    }

    private final Kind kind;

    public StartException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
