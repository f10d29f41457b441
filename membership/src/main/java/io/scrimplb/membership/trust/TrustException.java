package io.scrimplb.membership.trust;

import java.security.cert.CertificateException;

/** The other end is not to be trusted; the message is fit for an operator. */
public final class TrustException extends CertificateException {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Reason {
        /** Its certificate was made from another secret. */
        OTHER_SECRET,
        /** Its certificate is not one of ours in form. */
        MALFORMED
    }

    private final Reason reason;

    TrustException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
