package io.scrimplb.proxy.h1.reference;

/** What was read is not one whole message. */
public final class NotHttp extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean unfinished;

    private NotHttp(String message, boolean unfinished) {
        super(message, null, false, false);
        this.unfinished = unfinished;
    }

    static NotHttp invalid(String why) {
        return new NotHttp(why, false);
    }

    static NotHttp unfinished() {
        return new NotHttp("the message has not ended", true);
    }

    /** Whether more bytes could still make a message of it. */
    public boolean isUnfinished() {
        return unfinished;
    }
}
