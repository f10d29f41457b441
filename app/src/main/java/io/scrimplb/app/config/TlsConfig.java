package io.scrimplb.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * TLS towards clients.
 *
 * @param certificates {@code tls-chain-location} with its key first, then {@code certificates}
 * @param acme certificates made on demand; empty for none
 * @param stateDirectory where certificates made on demand are kept; empty for the usual place
 * @param redirect which port only redirects to https
 * @param plainPorts listen ports that stay plain HTTP although there is TLS material
 */
public record TlsConfig(
        List<CertificateConfig> certificates,
        Optional<AcmeConfig> acme,
        Optional<Path> stateDirectory,
        Redirect redirect,
        List<Integer> plainPorts) {
    public TlsConfig {
        certificates = List.copyOf(certificates);
        plainPorts = List.copyOf(plainPorts);
    }

    /** Whether there are certificates, or a way to get some: then listeners speak TLS. */
    public boolean on() {
        return !certificates.isEmpty() || acme.isPresent();
    }

    /** The same, but for certificates made on demand as another configuration has them. */
    public TlsConfig withAcmeOf(TlsConfig other) {
        return new TlsConfig(certificates, other.acme, other.stateDirectory, redirect, plainPorts);
    }

    /**
     * Which port only redirects to https.
     *
     * @param port 1 to 65535 with {@link Way#PORT}, else 0
     */
    public record Redirect(Way way, int port) {
        /** Port 80, or 8080 where 80 cannot be had. */
        public static final Redirect DEFAULT = new Redirect(Way.DEFAULT, 0);
        /** None. */
        public static final Redirect OFF = new Redirect(Way.OFF, 0);

        /** How it was chosen. */
        public enum Way {
            DEFAULT,
            PORT,
            OFF
        }
    }
}
