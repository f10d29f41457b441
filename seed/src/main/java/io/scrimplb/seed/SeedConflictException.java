package io.scrimplb.seed;

/** Somebody else wrote the seed object since it was read: read again, merge again, write again. */
public final class SeedConflictException extends SeedException {
    private static final long serialVersionUID = 1;

    public SeedConflictException(String message) {
        super(message);
    }
}
