package io.scrimplb.membership;

/** How the load balancer talks to an application. */
public enum ApplicationProtocol {
    /** HTTP/1.1 in clear text. */
    HTTP("http"),
    /** HTTP over TLS. */
    HTTPS("https"),
    /** HTTP/2 in clear text with prior knowledge. */
    H2C("h2c"),
    /** Raw bytes, chosen by listen port. */
    TCP("tcp"),
    /** Raw bytes, chosen by the server name in the ClientHello, not terminated. */
    TLS("tls");

    private final String label;

    ApplicationProtocol(String label) {
        this.label = label;
    }

    /** As configuration and announcements spell it. */
    public String label() {
        return label;
    }
}
