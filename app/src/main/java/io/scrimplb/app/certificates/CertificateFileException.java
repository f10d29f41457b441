package io.scrimplb.app.certificates;

import java.nio.file.Path;

/** A certificate's file that cannot be used. The message is one line, the file's name first, and holds nothing of a key. */
public final class CertificateFileException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Path file;
    private final String reason;

    CertificateFileException(Path file, String reason) {
        super(file + ": " + reason);
        this.file = file;
        this.reason = reason;
    }

    /** Which of the two it is. */
    public Path file() {
        return file;
    }

    /** What is wrong with it, to stand behind its name. */
    public String reason() {
        return reason;
    }
}
