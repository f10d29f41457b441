package io.scrimplb.app.config;

/** Quotes what a user wrote inside a message, so that the message stays one line of bearable length. */
final class Excerpt {
    /** Characters shown before the rest is cut. */
    private static final int MAX_CHARACTERS = 60;

    private Excerpt() {}

    static String quote(String text) {
        return '"' + line(text) + '"';
    }

    /** The same without quotes. */
    static String line(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < MAX_CHARACTERS; i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c);
        }
        return text.length() > MAX_CHARACTERS ? shown + "…" : shown.toString();
    }
}
