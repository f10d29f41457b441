package io.scrimplb.membership.trust;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether a secret that a person made up is worth stretching. It refuses what is surely weak; it cannot know what is
 * strong. Stateless.
 */
final class SecretStrength {
    /** Fewest characters. */
    static final int MIN_CHARS = 20;

    private static final Pattern FILE_NAME = Pattern.compile("(?:/[A-Za-z0-9._-]+){2,}");
    private static final int MIN_DIFFERENT = 5;
    private static final int MIN_JUMPS = 5;

    private SecretStrength() {}

    /** What is weak about it, as the end of a sentence; empty for nothing that is seen. */
    static Optional<String> weakness(String text) {
        int[] points = text.codePoints().toArray();
        if (points.length < MIN_CHARS) {
            return Optional.of("is shorter than " + MIN_CHARS + " characters");
        }
        if (FILE_NAME.matcher(text).matches()) {
            return Optional.of("looks like the name of a file, which belongs into the variable that ends in _FILE");
        }
        if (text.codePoints().distinct().count() < MIN_DIFFERENT) {
            return Optional.of("has fewer than " + MIN_DIFFERENT + " different characters");
        }
        if (period(points) < MIN_CHARS) {
            return Optional.of("repeats a few characters");
        }
        if (jumps(points) < MIN_JUMPS) {
            return Optional.of("is a row like abcdef");
        }
        return Optional.empty();
    }

    /** Characters of the shortest block that makes the text when it is repeated, the last time maybe in part. */
    private static int period(int[] points) {
        for (int period = 1; period < points.length; period++) {
            int same = period;
            while (same < points.length && points[same] == points[same - period]) {
                same++;
            }
            if (same == points.length) {
                return period;
            }
        }
        return points.length;
    }

    /** How often a character is neither the one before it nor its neighbour in the alphabet. */
    private static int jumps(int[] points) {
        int jumps = 0;
        for (int i = 1; i < points.length; i++) {
            if (Math.abs(points[i] - points[i - 1]) > 1) {
                jumps++;
            }
        }
        return jumps;
    }
}
