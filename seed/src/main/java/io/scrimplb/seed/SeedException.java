package io.scrimplb.seed;

/** A seed source that could not be read or written. The message is one line: what, where, and what to do about it. */
public class SeedException extends Exception {
    private static final long serialVersionUID = 1;

    public SeedException(String message) {
        super(message);
    }

    public SeedException(String message, Throwable cause) {
        super(message, cause);
    }
}
