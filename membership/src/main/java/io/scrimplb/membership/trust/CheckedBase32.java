package io.scrimplb.membership.trust;

import java.util.Arrays;
import java.util.Optional;

/**
 * Crockford's base 32 (no i, l, o, u) with four check characters.
 *
 * <p>The check characters are those of a Reed-Solomon code over GF(32), shortened, with the generator (x−1)(x−α)(x−α²)
 * (x−α³). Its least distance is five, so that for texts of up to 31 characters it catches, without exception, up to four
 * wrong characters wherever they stand, hence also every exchange of two characters, neighbours or not; of all other
 * texts of the same length one in 2^20 passes. A missing or an additional character is caught by the length.
 */
final class CheckedBase32 {
    static final int CHECK_CHARS = 4;
    /** Longest text with its check characters: the length of the code, 2^5 − 1. */
    static final int MAX_CHARS = 31;

    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    /** x^5 + x^2 + 1, primitive over GF(2), so that α = 2 makes all of GF(32) but zero. */
    private static final int POLYNOMIAL = 0b100101;

    private static final int FIELD = 32;
    private static final int[] GENERATOR = generator();

    private CheckedBase32() {}

    /**
     * The text of these symbols with the check characters behind.
     *
     * @param symbols each 0 to 31, at most 27
     */
    static String encode(int[] symbols) {
        if (symbols.length > MAX_CHARS - CHECK_CHARS) {
            throw new IllegalArgumentException("too long for the code");
        }
        int[] padded = Arrays.copyOf(symbols, symbols.length + CHECK_CHARS);
        int[] rest = remainder(padded);
        StringBuilder text = new StringBuilder(padded.length);
        for (int symbol : symbols) {
            text.append(ALPHABET.charAt(symbol));
        }
        for (int symbol : rest) {
            text.append(ALPHABET.charAt(symbol));
        }
        return text.toString();
    }

    /**
     * The one right spelling of a text with its check characters: lower case, and {@code o} as 0, {@code i} and
     * {@code l} as 1, as Crockford lets people read them.
     *
     * @return empty when it holds another character or fails the check
     */
    static Optional<String> canonical(String text) {
        if (text.length() > MAX_CHARS || text.length() <= CHECK_CHARS) {
            return Optional.empty();
        }
        int[] symbols = new int[text.length()];
        StringBuilder canonical = new StringBuilder(text.length());
        for (int i = 0; i < symbols.length; i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                c += 'a' - 'A';
            }
            c = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
            symbols[i] = ALPHABET.indexOf(c);
            if (symbols[i] < 0) {
                return Optional.empty();
            }
            canonical.append(c);
        }
        for (int symbol : remainder(symbols)) {
            if (symbol != 0) {
                return Optional.empty();
            }
        }
        return Optional.of(canonical.toString());
    }

    /** Of the division by the generator; highest power first. */
    private static int[] remainder(int[] dividend) {
        int[] rest = dividend.clone();
        for (int i = 0; i + CHECK_CHARS < rest.length; i++) {
            int factor = rest[i];
            for (int j = 0; j < GENERATOR.length; j++) {
                rest[i + j] ^= multiply(factor, GENERATOR[j]);
            }
        }
        return Arrays.copyOfRange(rest, rest.length - CHECK_CHARS, rest.length);
    }

    /** Monic, highest power first. */
    private static int[] generator() {
        int[] product = {1};
        int root = 1;
        for (int i = 0; i < CHECK_CHARS; i++) {
            int[] next = Arrays.copyOf(product, product.length + 1);
            for (int j = 0; j < product.length; j++) {
                next[j + 1] ^= multiply(product[j], root);
            }
            product = next;
            root = multiply(root, 2);
        }
        return product;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = a;
        for (int rest = b; rest != 0; rest >>= 1) {
            if ((rest & 1) != 0) {
                product ^= shifted;
            }
            shifted <<= 1;
            if (shifted >= FIELD) {
                shifted ^= POLYNOMIAL;
            }
        }
        return product;
    }
}
