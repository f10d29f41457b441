package io.scrimplb.membership.transport;

import java.io.IOException;

/** A frame that is not believed; it ends its connection, since there is no telling where the next one would start. */
final class BadFrameException extends IOException {
    private static final long serialVersionUID = 1;

    BadFrameException(String message) {
        super(message);
    }

    /** Made for what strangers send: no stack trace to pay for. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
