package io.scrimplb.proxy.http;

/** A body whose framing is broken. Expected from the network, so it carries no stack trace and is made once a cause. */
public final class MalformedBodyException extends Exception {
    private static final long serialVersionUID = 1;

    public MalformedBodyException(String message) {
        super(message, null, false, false);
    }
}
