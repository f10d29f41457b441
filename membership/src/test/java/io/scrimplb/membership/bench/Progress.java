package io.scrimplb.membership.bench;

import java.util.Locale;

/** What a person wants to see meanwhile, on standard error. */
final class Progress {
    private Progress() {}

    static void say(String format, Object... arguments) {
        System.err.println(String.format(Locale.ROOT, format, arguments));
    }
}
