package io.scrimplb.app.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that a misspelt one was probably meant to be. */
public final class Suggestion {
    /** A longer word is no typing error; it bounds the work too. */
    private static final int MAX_CHARACTERS = 100;
    /** Shorter words are part of too many others. */
    private static final int MIN_PART_CHARACTERS = 4;

    private Suggestion() {}

    /**
     * The candidate that is nearest by insertions, deletions, changes and swaps of neighbours; at most one for three
     * characters, and at least one. Failing that, the first candidate that begins or ends with the word or is its
     * beginning or end.
     */
    public static Optional<String> closest(String word, Collection<String> candidates) {
        if (word.isEmpty() || word.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        String given = fold(word);
        int allowed = Math.max(1, given.length() / 3);
        Optional<String> best = Optional.empty();
        int bestDistance = allowed + 1;
        for (String candidate : candidates) {
            int distance = distance(given, fold(candidate));
            if (distance < bestDistance) {
                bestDistance = distance;
                best = Optional.of(candidate);
            }
        }
        return best.isPresent()
                ? best
                : candidates.stream()
                        .filter(candidate -> partOf(given, fold(candidate)) || partOf(fold(candidate), given))
                        .findFirst();
    }

    /** {@code " (did you mean x?)"}, or nothing. */
    static String hint(String word, Collection<String> candidates) {
        return closest(word, candidates)
                .map(found -> " (did you mean \"" + found + "\"?)")
                .orElse("");
    }

    private static String fold(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean partOf(String part, String whole) {
        return part.length() >= MIN_PART_CHARACTERS && (whole.startsWith(part) || whole.endsWith(part));
    }

    /** Damerau's distance in its restricted form (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
