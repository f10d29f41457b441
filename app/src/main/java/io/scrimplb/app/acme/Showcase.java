package io.scrimplb.app.acme;

import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.ChallengeSpec;
import java.util.List;
import java.util.Optional;

/** Where certificates and challenges are shown to clients and people. Called on the service's thread; must not block. */
public interface Showcase {
    /**
     * A certificate that there is, or that there should be.
     *
     * @param host what it is for
     * @param certificate empty while there is none
     * @param problem what stands in its way, one line; empty when all is well
     */
    record Shown(String host, Optional<CertificateSpec> certificate, Optional<String> problem) {}

    /** Replaces all that was shown before. */
    void show(List<Shown> certificates, List<ChallengeSpec> challenges);
}
