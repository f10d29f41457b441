package io.scrimplb.app.registry;

import io.scrimplb.app.certificates.CertificateChains;
import io.scrimplb.app.certificates.PemException;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.proxy.spec.HstsSpec;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.spec.OriginSpec;
import io.scrimplb.proxy.spec.OriginTlsSpec;
import io.scrimplb.proxy.spec.ProxyProtocol;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one source wants its endpoints spoken with. All endpoints of an application are spoken with alike, so those of one
 * source hold for all.
 *
 * @param authorities whose certificates are believed; empty for Java's
 * @param serverName what its certificate must be for; empty for the first exact domain
 * @param insecure whether any certificate will do
 */
record OriginTerms(
        List<X509Certificate> authorities,
        Optional<String> serverName,
        boolean insecure,
        ProxyProtocol proxyProtocol,
        Optional<HstsSpec> hsts) {
    static final OriginTerms DEFAULT =
            new OriginTerms(List.of(), Optional.empty(), false, ProxyProtocol.NONE, Optional.empty());

    OriginTerms {
        authorities = List.copyOf(authorities);
    }

    /**
     * From what a source offers.
     *
     * @throws PemException when its authorities cannot be read: it must not be spoken with then, as others would be believed
     */
    static OriginTerms of(ApplicationOptions options) throws PemException {
        ApplicationOptions.BackendTls tls = options.backendTls();
        String ca = tls == null ? null : tls.ca();
        ApplicationOptions.Hsts hsts = options.hsts();
        return new OriginTerms(
                ca == null ? List.of() : CertificateChains.authorities(ca),
                Optional.ofNullable(tls == null ? null : tls.serverName()),
                tls != null && tls.insecure(),
                proxyProtocol(options.proxyProtocol()),
                Optional.ofNullable(
                        hsts == null
                                ? null
                                : new HstsSpec(Duration.ofSeconds(hsts.maxAgeSeconds()), hsts.includeSubdomains())));
    }

    private static ProxyProtocol proxyProtocol(ApplicationOptions.@Nullable ProxyProtocol version) {
        if (version == null) {
            return ProxyProtocol.NONE;
        }
        return switch (version) {
            case V1 -> ProxyProtocol.V1;
            case V2 -> ProxyProtocol.V2;
        };
    }

    /** The same, but that browsers are told nothing about the names below. */
    OriginTerms withoutSubdomains() {
        return new OriginTerms(
                authorities, serverName, insecure, proxyProtocol, hsts.map(told -> new HstsSpec(told.maxAge(), false)));
    }

    /** @param domain what is asked for when the source names nothing; empty for the endpoint's address */
    OriginSpec toSpec(ApplicationProtocol protocol, Optional<String> domain) {
        OriginTlsSpec tls = protocol == ApplicationProtocol.HTTPS
                ? new OriginTlsSpec(authorities, serverName.or(() -> domain), insecure)
                : OriginTlsSpec.DEFAULT;
        return new OriginSpec(
                switch (protocol) {
                    case HTTP -> OriginProtocol.HTTP;
                    case HTTPS -> OriginProtocol.HTTPS;
                    case H2C -> OriginProtocol.H2C;
                    case TCP, TLS -> OriginProtocol.RAW;
                },
                tls,
                proxyProtocol);
    }
}
