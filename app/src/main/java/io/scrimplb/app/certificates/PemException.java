package io.scrimplb.app.certificates;

/** A file that is no certificate or key; the message says why in one line, behind the file's name, and holds nothing of a key. */
public final class PemException extends Exception {
    private static final long serialVersionUID = 1;

    PemException(String message) {
        super(message);
    }
}
