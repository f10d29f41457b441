package io.scrimplb.app.acme;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** What is wrong with a file, in words. Stateless. */
final class DiskFault {
    private DiskFault() {}

    /** The JDK's exceptions of files say the path alone, where their class says the rest. */
    static String text(Exception fault) {
        if (fault instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (fault instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        String message = fault.getMessage();
        return message == null ? fault.getClass().getSimpleName() : message;
    }
}
