package io.scrimplb.seed.address;

/** The own address could not be found. The message is one line: what, where, and what to do about it. */
public final class AddressException extends Exception {
    private static final long serialVersionUID = 1;

    public AddressException(String message) {
        super(message);
    }

    public AddressException(String message, Throwable cause) {
        super(message, cause);
    }
}
