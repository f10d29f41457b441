package io.scrimplb.membership.trust;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Role;
import java.time.Instant;

/**
 * A backend's way into the cluster without the secret: a role certificate, its key, and the cluster's authority to
 * recognise the others by. Its text never shows in {@link #toString()}.
 */
public final class JoinToken {
    private final String text;
    private final Grant grant;

    private JoinToken(String text, Grant grant) {
        this.text = text;
        this.grant = grant;
    }

    /** Makes one. Takes up to half a second for a secret of a person's own, which is stretched. */
    public static JoinToken create(ClusterSecret secret, Role role, Claims claims, Instant joinsUntil) {
        throw new UnsupportedOperationException();
    }

    /**
     * @throws SecretException when the text is not a token, or a token with a typing error
     */
    public static JoinToken parse(String text) throws SecretException {
        throw new UnsupportedOperationException();
    }

    /** What it lets its holder do; to be shown to people, since the load balancers read it from the certificate. */
    public Grant grant() {
        return grant;
    }

    /** The token itself, to be shown to whoever asked for a new one. */
    public String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "JoinToken[masked]";
    }
}
