package io.scrimplb.app.config;

/** A text that is not a value of the wanted type. The message says what is wanted, in one line. */
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    BadValueException(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    /** What is wanted, in one line. */
    String reason() {
        return reason;
    }
}
