package io.scrimplb.membership.transport;

import java.util.Optional;

/** Why a member does not let another in. */
enum Refusal {
    /** The member has a secret, the newcomer none. */
    SECRET_WANTED("secret-wanted"),
    /** The newcomer has a secret, the member none. */
    NO_SECRET("no-secret"),
    /** The detail is the cluster's name. */
    OTHER_CLUSTER("other-cluster"),
    /** The detail tells the versions that are spoken. */
    OTHER_VERSION("other-version"),
    /** The time in which the token lets in is over. */
    TOKEN_EXPIRED("token-expired"),
    /** The certificate is for another role, or for another member. */
    NOT_GRANTED("not-granted"),
    /** A member connected to itself. */
    ITSELF("itself");

    private final String label;

    Refusal(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    static Optional<Refusal> of(String label) {
        for (Refusal refusal : values()) {
            if (refusal.label.equals(label)) {
                return Optional.of(refusal);
            }
        }
        return Optional.empty();
    }
}
