package io.scrimplb.app.config;

/** Quotes what a user wrote inside a message, so that the message stays one line of bearable length. */
final class Excerpt {
    /** Stands for a secret, however long it is. */
    static final String MASK = "********";
    /** Characters shown before the rest is cut. */
    private static final int MAX_CHARACTERS = 60;

    private Excerpt() {}

    static String quote(String text) {
        return '"' + line(text) + '"';
    }

    /** The same without quotes. */
    static String line(String text) {
        return text.length() > MAX_CHARACTERS ? printable(text.substring(0, MAX_CHARACTERS)) + "…" : printable(text);
    }

    /** All of it, in one line: what would break the line or play with the terminal becomes a question mark. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c);
        }
        return shown.toString();
    }
}
