package io.scrimplb.app.config;

/**
 * A value as it counts, and who said so.
 *
 * @param path the key with those above it
 * @param text the value, masked when it is a secret
 * @param origin where it comes from
 */
public record EffectiveValue(String path, String text, Origin origin) {
    /** {@code path = text  # origin}. */
    @Override
    public String toString() {
        return path + " = " + text + "  # " + origin;
    }
}
