package io.scrimplb.membership;

import org.jspecify.annotations.Nullable;

/** The cluster could not be entered. The message is one line: what, where, and what to do about it. */
public final class MembershipException extends Exception {
    private static final long serialVersionUID = 1;

    /** What stood in the way, so that the caller can choose an exit code. */
    public enum Reason {
        /** The cluster port is in use by another program, or may not be bound by this user. */
        PORT_TAKEN,
        /** The bind address is public, a wildcard, or not on this machine. */
        ADDRESS_REFUSED,
        /** Something else; the message says what. */
        FAILED
    }

    private final Reason reason;

    public MembershipException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public MembershipException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
