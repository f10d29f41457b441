package io.scrimplb.app.cli;

/** Tells an exception in one line. */
final class OneLine {
    private OneLine() {}

    static String of(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.replaceAll("\\s*\\R\\s*", " ").strip();
    }
}
