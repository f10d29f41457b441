package io.scrimplb.membership.transport;

import io.scrimplb.membership.trust.Credentials;
import io.scrimplb.membership.trust.JoinToken;
import io.scrimplb.membership.trust.SecretException;
import java.nio.charset.StandardCharsets;

/** Fuzz target: the text of a join-token. */
public final class TokenFuzz {
    private static final long FIXED_BYTES = 4 * 1024 * 1024;
    private static final long FACTOR = 200;

    private TokenFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        check(input);
    }

    static void check(byte[] input) {
        Allocation.bounded(FIXED_BYTES, FACTOR, input.length, () -> read(input));
    }

    private static void read(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        try {
            JoinToken token = JoinToken.parse(text);
            Credentials.of(token);
            if (token.toString().contains(text.strip())) {
                throw new AssertionError("it shows itself");
            }
        } catch (SecretException e) {
            if (text.length() > 20 && String.valueOf(e.getMessage()).contains(text)) {
                throw new AssertionError("the message shows what was entered");
            }
        }
    }
}
