package io.scrimplb.app.runtime;

import io.scrimplb.app.certificates.CertificateFile;
import io.scrimplb.app.config.Cidr;
import io.scrimplb.app.config.LoadBalancerConfig;
import io.scrimplb.app.config.TlsConfig;
import io.scrimplb.app.registry.ClaimPolicy;
import io.scrimplb.app.registry.ForwardingPolicy;
import io.scrimplb.app.registry.RegistryPolicy;
import io.scrimplb.app.registry.Retention;
import io.scrimplb.app.registry.TlsPolicy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** From the configuration's words to the registry's. */
final class Policies {
    private Policies() {}

    /**
     * @param started TLS as configured at the start: automatic certificates stay as they were then, so what follows from them
     *     does too
     * @param own addresses of this load balancer that are no application's
     */
    static RegistryPolicy of(
            LoadBalancerConfig config, TlsConfig started, ListenDefaults listen, Set<InetSocketAddress> own) {
        TlsConfig tls = config.tls().withAcmeOf(started);
        ClaimPolicy claims = new ClaimPolicy(
                config.allowedListenPorts(),
                config.allowedDomains(),
                defaultPort(tls, listen),
                config.balance(),
                tls(tls, listen));
        ForwardingPolicy forwarding = new ForwardingPolicy(
                listen.address(),
                config.limits().toSpec(),
                config.timeouts().toSpec(),
                config.trustedProxies().stream().map(Cidr::toString).toList());
        return new RegistryPolicy(claims, Retention.defaults(), forwarding, own);
    }

    /** The port of the listener that is always open. */
    static int defaultPort(TlsConfig tls, ListenDefaults listen) {
        return tls.on() ? listen.httpsPort() : listen.port();
    }

    private static TlsPolicy tls(TlsConfig tls, ListenDefaults listen) {
        return new TlsPolicy(
                tls.on(),
                Set.copyOf(tls.plainPorts()),
                switch (tls.redirect().way()) {
                    case OFF -> OptionalInt.empty();
                    case DEFAULT -> OptionalInt.of(listen.port());
                    case PORT -> OptionalInt.of(tls.redirect().port());
                },
                listen.httpsPort());
    }

    /** The certificates in files, in the order in which they count. */
    static List<CertificateFile> files(LoadBalancerConfig config) {
        return config.tls().certificates().stream()
                .map(certificate -> new CertificateFile(certificate.chain(), certificate.key()))
                .toList();
    }
}
