package io.scrimplb.membership.trust;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What all members of a cluster share. Its text never shows in {@link #toString()}. Immutable.
 *
 * <p>A generated one is {@code scrimp-secret-}, 26 characters of base 32 (130 bits) and four check characters, see
 * {@link CheckedBase32} for what they catch. A typing error in the prefix is caught too, and never makes a secret of a
 * person's own of it.
 */
public final class ClusterSecret {
    static final String PREFIX = "scrimp-secret-";
    /** Bytes of {@link #keyingMaterial()} of a stretched one. */
    private static final int STRETCHED_BYTES = 32;

    private static final int ITERATIONS = 200_000;
    /**
     * Fixed, since all that members share before they meet is the secret: there is no place to keep a random salt. It
     * names product and scheme, so that guesses are good for no other product; that one table of guesses would do for
     * all clusters of this one is why short secrets are refused and generated ones are advised.
     */
    private static final String STRETCHING_SALT = "scrimp-lb cluster-secret v1";

    private static final int RANDOM_CHARS = 26;
    private static final int BODY_CHARS = RANDOM_CHARS + CheckedBase32.CHECK_CHARS;
    private static final int MAX_CHARS = 1024;
    private static final String CURE = "; 'scrimp secret' prints a good one";

    private final String text;
    private final boolean generated;

    private ClusterSecret(String text, boolean generated) {
        this.text = text;
        this.generated = generated;
    }

    /** A new one of 130 random bits, with a prefix that names it and a checksum against typing errors. */
    public static ClusterSecret generate() {
        SecureRandom random = new SecureRandom();
        int[] symbols =
                IntStream.generate(() -> random.nextInt(32)).limit(RANDOM_CHARS).toArray();
        return new ClusterSecret(PREFIX + CheckedBase32.encode(symbols), true);
    }

    /**
     * Takes a generated secret, or one of a person's own of 20 characters or more. Blanks and line ends around it are
     * not part of it. Of a person's own the Unicode form does not matter (NFC, as in RFC 8265, 4.2), capitals do.
     *
     * @param allowWeak whether shorter and patterned ones are taken too
     * @throws SecretException when it is weak, empty, or a generated one with a typing error. The message begins with
     *     {@code cluster-secret:}
     */
    public static ClusterSecret parse(String text, boolean allowWeak) throws SecretException {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            throw refused("it is empty" + CURE);
        }
        if (stripped.length() > MAX_CHARS) {
            throw refused("it has more than " + MAX_CHARS + " characters; is it the right file?");
        }
        if (stripped.codePoints().anyMatch(Character::isISOControl)) {
            throw refused("it has a line end or another control character in it; is it the right file?");
        }
        String lower = stripped.toLowerCase(Locale.ROOT);
        if (lower.startsWith(JoinToken.PREFIX)) {
            throw refused("it is a join token; give it as join-token");
        }
        Optional<String> body = body(stripped);
        if (body.isPresent() && lower.length() == PREFIX.length() + BODY_CHARS && lower.startsWith(PREFIX)) {
            return new ClusterSecret(PREFIX + body.get(), true);
        }
        // A right body behind a wrong beginning is no accident: one text in a million looks like that.
        if (body.isPresent() || resemblesPrefix(lower)) {
            throw refused("typing error: copy it again as 'scrimp secret' printed it, " + PREFIX + " and " + BODY_CHARS
                    + " characters");
        }
        String own = Normalizer.normalize(stripped, Normalizer.Form.NFC);
        Optional<String> weakness = SecretStrength.weakness(own);
        if (weakness.isPresent() && !allowWeak) {
            throw refused("it is weak: it " + weakness.get() + CURE + ", or allow it with allow-weak-secret");
        }
        return new ClusterSecret(own, false);
    }

    /** The secret itself, to be shown to whoever asked for a new one. */
    public String reveal() {
        return text;
    }

    /**
     * What keys are derived from. Of a person's own secret this is PBKDF2 with HMAC-SHA-256 (RFC 8018, 5.2) and takes up
     * to half a second; a generated one is beyond guessing as it is.
     */
    byte[] keyingMaterial() {
        if (generated) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        PBEKeySpec spec = new PBEKeySpec(
                text.toCharArray(),
                STRETCHING_SALT.getBytes(StandardCharsets.US_ASCII),
                ITERATIONS,
                STRETCHED_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClusterSecret that
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8), that.text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "ClusterSecret[masked]";
    }

    /** Whether its beginning is the prefix with at most one exchange of two characters. */
    private static boolean resemblesPrefix(String lower) {
        int different = 0;
        for (int i = 0; i < PREFIX.length(); i++) {
            if (i >= lower.length() || lower.charAt(i) != PREFIX.charAt(i)) {
                different++;
            }
        }
        return different <= 2;
    }

    private static Optional<String> body(String text) {
        return text.length() < BODY_CHARS
                ? Optional.empty()
                : CheckedBase32.canonical(text.substring(text.length() - BODY_CHARS));
    }

    private static SecretException refused(String why) {
        return new SecretException("cluster-secret: " + why);
    }
}
