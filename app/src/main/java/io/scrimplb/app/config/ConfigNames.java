package io.scrimplb.app.config;

import java.util.Locale;

/** How the constants of an enum are spelt in a configuration: lower case, words joined by a dash. */
public final class ConfigNames {
    private ConfigNames() {}

    /** {@code ROUND_ROBIN} is written {@code round-robin}. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
