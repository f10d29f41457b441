package io.scrimplb.membership;

import org.jspecify.annotations.Nullable;

/**
 * How an application wants to be spoken with, beyond the protocol.
 *
 * @param backendTls whom to take for it; null for the default, and without meaning unless the protocol is https
 * @param proxyProtocol how connections to it tell the client's address; null for not at all
 * @param hsts what browsers are told about https; null for nothing
 */
public record ApplicationOptions(
        @Nullable BackendTls backendTls,
        @Nullable ProxyProtocol proxyProtocol,
        @Nullable Hsts hsts) {
    /** Everything at its default. */
    public static final ApplicationOptions NONE = new ApplicationOptions(null, null, null);

    /**
     * Whom the load balancer takes for the application when it connects by TLS.
     *
     * @param ca certificates in PEM of those whose signature is believed, at most 16 KiB of ASCII; null for the authorities
     *     that everybody believes
     * @param serverName host name, lower case, that is asked for and that the certificate must be for; null for the first of
     *     the application's domains that is no wildcard, else its address
     * @param insecure whether any certificate will do
     */
    public record BackendTls(@Nullable String ca, @Nullable String serverName, boolean insecure) {}

    /** The versions of the PROXY protocol. */
    public enum ProxyProtocol {
        V1("v1"),
        V2("v2");

        private final String label;

        ProxyProtocol(String label) {
            this.label = label;
        }

        /** As configuration and announcements spell it. */
        public String label() {
            return label;
        }
    }

    /**
     * That browsers shall use the application by https only (RFC 6797).
     *
     * @param maxAgeSeconds for how long, 0 to ten years; 0 takes an earlier order back
     * @param includeSubdomains whether it holds for the names below too
     */
    public record Hsts(long maxAgeSeconds, boolean includeSubdomains) {}
}
