package io.scrimplb.app.runtime;

import io.scrimplb.app.acme.AcmeService;
import io.scrimplb.app.acme.AcmeSettings;
import io.scrimplb.app.certificates.CertificateBoard;
import io.scrimplb.app.config.AcmeConfig;
import io.scrimplb.app.config.TlsConfig;
import io.scrimplb.app.control.ControlStatus;
import io.scrimplb.app.metrics.Metrics;
import io.scrimplb.app.registry.Problem;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a configuration becomes automatic certificates. */
final class AutomaticCertificates {
    private static final Logger log = LoggerFactory.getLogger(AutomaticCertificates.class);

    private static final Path SYSTEM_STATE = Path.of("/var/lib/scrimplb");

    private AutomaticCertificates() {}

    /** Started; empty when the configuration asks for none. */
    static Optional<AcmeService> start(TlsConfig tls, CertificateBoard board, Metrics metrics) {
        return tls.acme().map(acme -> {
            AcmeSettings settings = settings(acme, tls.stateDirectory());
            log.info("certificates are ordered at {} and kept in {}", settings.directory(), settings.state());
            return AcmeService.start(settings, board, metrics.registry(), Clock.systemUTC());
        });
    }

    /** What an operator should mend, that of the certificates included. */
    static List<Problem> problems(ControlStatus status, Optional<AcmeService> acme) {
        List<Problem> all = new ArrayList<>(status.problems());
        acme.ifPresent(service -> all.addAll(service.problems()));
        return all;
    }

    private static AcmeSettings settings(AcmeConfig config, Optional<Path> state) {
        return new AcmeSettings(
                config.email(),
                config.directory().orElse(AcmeSettings.DEFAULT_DIRECTORY),
                config.authorityRoots(),
                config.dnsHook(),
                config.challenge(),
                config.check(),
                config.httpPort(),
                state.orElseGet(() -> AcmeSettings.usualState(System.getenv(), SYSTEM_STATE)));
    }
}
