package io.scrimplb.app.config;

import java.util.List;
import java.util.Optional;

/**
 * TLS towards clients.
 *
 * @param certificates {@code tls-chain-location} with its key first, then {@code certificates}
 * @param acme certificates made on demand; empty for none
 * @param httpsRedirectPort port that only redirects to https, 1 to 65535
 * @param plainPorts listen ports that stay plain HTTP although there is TLS material
 */
public record TlsConfig(
        List<CertificateConfig> certificates,
        Optional<AcmeConfig> acme,
        Optional<Integer> httpsRedirectPort,
        List<Integer> plainPorts) {
    public TlsConfig {
        certificates = List.copyOf(certificates);
        plainPorts = List.copyOf(plainPorts);
    }
}
