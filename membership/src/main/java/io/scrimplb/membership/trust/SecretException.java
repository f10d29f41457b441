package io.scrimplb.membership.trust;

/** A cluster secret or a join token cannot be used; the message says why and what to do, and nothing of the secret. */
public final class SecretException extends Exception {
    private static final long serialVersionUID = 1;

    SecretException(String message) {
        super(message);
    }
}
