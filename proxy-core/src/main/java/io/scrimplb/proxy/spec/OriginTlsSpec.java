package io.scrimplb.proxy.spec;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Whom the proxy takes for an endpoint when it connects by TLS.
 *
 * @param authorities whose certificates are believed; empty for those that Java brings along
 * @param serverName the name that is asked for (SNI) and that the certificate must be for; empty for the endpoint's IP address,
 *     which is asked for by no name
 * @param insecure whether any certificate will do; somebody on the way can then read and change everything
 */
public record OriginTlsSpec(List<X509Certificate> authorities, Optional<String> serverName, boolean insecure) {
    /** Java's authorities, the endpoint's IP address, verified. */
    public static final OriginTlsSpec DEFAULT = new OriginTlsSpec(List.of(), Optional.empty(), false);

    public OriginTlsSpec {
        authorities = List.copyOf(authorities);
    }
}
