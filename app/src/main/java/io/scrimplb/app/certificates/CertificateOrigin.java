package io.scrimplb.app.certificates;

/** Where a certificate comes from. In the order in which they are shown: a file of the operator before all others. */
public enum CertificateOrigin {
    /** A file that the configuration names. */
    FILE("file"),
    /** Signed on demand by an authority (RFC 8555). */
    ACME("acme"),
    /** Made here, because there is nothing better. */
    SELF_SIGNED("self-signed");

    private final String label;

    CertificateOrigin(String label) {
        this.label = label;
    }

    /** As the status spells it. */
    public String label() {
        return label;
    }
}
