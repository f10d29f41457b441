package io.scrimplb.seed.s3;

/** Credentials are there but cannot be used. The message is one line and never holds a secret. */
final class CredentialsException extends Exception {
    private static final long serialVersionUID = 1;

    CredentialsException(String message) {
        super(message);
    }

    CredentialsException(String message, Throwable cause) {
        super(message, cause);
    }
}
