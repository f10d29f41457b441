package io.scrimplb.app.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Certificates from an ACME authority.
 *
 * @param directory the authority's directory URL; empty for the product's default
 * @param agreeToTerms whether the operator agrees to the authority's terms
 * @param authorityRoots PEM file of the roots by which the authority itself is known; empty for those of the public
 * @param dnsHook program that publishes records in DNS; empty for none
 * @param check whether to look, before an order, if a name leads here
 * @param httpPort port at which the authority comes for HTTP-01, 1 to 65535
 */
public record AcmeConfig(
        String email,
        Optional<URI> directory,
        boolean agreeToTerms,
        Optional<Path> authorityRoots,
        Optional<Path> dnsHook,
        Challenge challenge,
        boolean check,
        int httpPort) {
    /** How it is proved that a host is ours. */
    public enum Challenge {
        /** HTTP-01, and after a failure TLS-ALPN-01 and HTTP-01 in turn; DNS-01 for wildcards. */
        AUTO,
        /** A file below {@code http://HOST/.well-known/acme-challenge/} (RFC 8555, 8.3). */
        HTTP_01,
        /** A certificate that is shown over {@code acme-tls/1} (RFC 8737). */
        TLS_ALPN_01,
        /** A record in DNS (RFC 8555, 8.4), by the hook. */
        DNS_01
    }
}
