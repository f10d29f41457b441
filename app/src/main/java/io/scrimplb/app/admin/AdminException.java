package io.scrimplb.app.admin;

/** The admin address cannot be opened. The message is one line: what, where, what to do. */
public final class AdminException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Whose fault it is, for the exit code. */
    public enum Reason {
        /** The configuration does not allow it. */
        CONFIGURATION,
        /** The port is taken or may not be bound. */
        PORT
    }

    AdminException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
