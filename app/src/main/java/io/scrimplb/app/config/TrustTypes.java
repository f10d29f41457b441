package io.scrimplb.app.config;

import io.scrimplb.membership.trust.JoinToken;
import io.scrimplb.membership.trust.SecretException;

/** The types of values that let a member into the cluster. What is wrong with one is said without showing any of it. */
final class TrustTypes {
    /** Only its form as a text: whether it is strong enough hangs on another key, see {@link SecretChecks}. */
    static final ScalarType<String> SECRET = new ScalarType<>("secret", ScalarTypes.TEXT.parser());

    static final ScalarType<JoinToken> JOIN_TOKEN = new ScalarType<>("join token", text -> {
        if (text.isBlank()) {
            throw new BadValueException("is empty; leave the key out or give it a value");
        }
        try {
            return JoinToken.parse(text);
        } catch (SecretException bad) {
            throw new BadValueException(reason(bad));
        }
    });

    private TrustTypes() {}

    /** What is wrong, without the key that the message begins with: the problem names the one that was written. */
    static String reason(SecretException bad) {
        String message = String.valueOf(bad.getMessage());
        int colon = message.indexOf(": ");
        return colon < 0 ? message : message.substring(colon + 2);
    }
}
