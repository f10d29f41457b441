package io.scrimplb.app.acme;

/** How it is proved that a host is ours. */
public enum ChallengeChoice {
    /** HTTP-01, and after a failure TLS-ALPN-01 and HTTP-01 in turn; DNS-01 for wildcards. */
    AUTO("auto"),
    /** A file below {@code http://HOST/.well-known/acme-challenge/} (RFC 8555, 8.3). */
    HTTP_01("http-01"),
    /** A certificate that is shown over {@code acme-tls/1} (RFC 8737). */
    TLS_ALPN_01("tls-alpn-01"),
    /** A record in DNS (RFC 8555, 8.4), by the hook. */
    DNS_01("dns-01");

    private final String label;

    ChallengeChoice(String label) {
        this.label = label;
    }

    /** As the configuration and the authority spell it. */
    public String label() {
        return label;
    }

    /**
     * The kind to use for a host.
     *
     * @param streak failures since the last success
     * @param hook whether there is a hook
     */
    ChallengeChoice resolve(String host, int streak, boolean hook) {
        if (host.startsWith("*.")) {
            return DNS_01;
        }
        if (this != AUTO) {
            return this == DNS_01 && !hook ? HTTP_01 : this;
        }
        return streak % 2 == 0 ? HTTP_01 : TLS_ALPN_01;
    }
}
