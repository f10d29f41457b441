package io.scrimplb.app.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the records out of decoded values; called only when reading has found no problem. */
final class Binder {
    private Binder() {}

    static ScrimpConfig config(Values root) {
        return new ScrimpConfig(
                root.find(Schema.LB).map(lb -> lb ? Role.LOAD_BALANCER : Role.BACKEND),
                new ClusterConfig(
                        root.find(Schema.BIND_ADDRESS),
                        root.find(Schema.PORT),
                        root.need(Schema.CLUSTER_NAME),
                        SecretChecks.secret(root, Schema.CLUSTER_SECRET),
                        SecretChecks.secret(root, Schema.PREVIOUS_CLUSTER_SECRET),
                        root.find(Schema.JOIN_TOKEN),
                        root.find(Schema.ADVERTISE_ADDRESS),
                        root.need(Schema.ADVERTISE_PORT)),
                seedSource(root),
                new AdminConfig(
                        root.find(Schema.ADMIN_ADDRESS).flatMap(address -> address),
                        root.find(Schema.ADMIN_ADDRESS).map(Optional::isEmpty).orElse(false),
                        root.find(Schema.ADMIN_TOKEN)),
                loadBalancer(root.need(Schema.LOAD_BALANCER_CONFIG)),
                backend(root.need(Schema.BACKEND_CONFIG)));
    }

    static ApplicationConfig application(Values values) {
        return new ApplicationConfig(
                values.need(ApplicationSchema.NAME),
                values.find(ApplicationSchema.LISTEN_PORT),
                values.need(ApplicationSchema.APPLICATION_PORT),
                values.need(ApplicationSchema.PROTOCOL),
                values.need(ApplicationSchema.DOMAINS),
                paths(values),
                values.find(ApplicationSchema.VERSION),
                values.need(ApplicationSchema.WEIGHT),
                values.find(ApplicationSchema.BALANCE),
                values.need(ApplicationSchema.STICKY),
                options(values),
                values.find(ApplicationSchema.HEALTH).map(Binder::health),
                values.find(ApplicationSchema.RESOURCES)
                        .map(resources -> new ResourcesConfig(
                                resources.find(ApplicationSchema.CPU), resources.find(ApplicationSchema.MEMORY))));
    }

    private static ApplicationOptions options(Values values) {
        return new ApplicationOptions(
                values.find(ApplicationSchema.BACKEND_TLS)
                        .map(tls -> new ApplicationOptions.BackendTls(
                                tls.find(ApplicationSchema.CA)
                                        .map(PemTypes.Authorities::pem)
                                        .orElse(null),
                                tls.find(ApplicationSchema.SERVER_NAME).orElse(null),
                                tls.need(ApplicationSchema.INSECURE)))
                        .orElse(null),
                values.find(ApplicationSchema.PROXY_PROTOCOL).orElse(null),
                values.find(ApplicationSchema.HSTS)
                        .map(hsts -> new ApplicationOptions.Hsts(
                                hsts.need(ApplicationSchema.HSTS_MAX_AGE).toSeconds(),
                                hsts.need(ApplicationSchema.HSTS_SUBDOMAINS)))
                        .orElse(null));
    }

    private static SeedSourceConfig seedSource(Values root) {
        String provider = root.need(Schema.PROVIDER);
        ObjectNode json = root.find(Schema.PROVIDER_CONFIG)
                .map(values -> ProviderSchema.toJson(ProviderSchema.of(provider).orElseThrow(), values))
                .orElseGet(JsonNodeFactory.instance::objectNode);
        return new SeedSourceConfig(provider, json, root.need(Schema.RESOLVER));
    }

    private static LoadBalancerConfig loadBalancer(Values values) {
        return new LoadBalancerConfig(
                values.need(LoadBalancerSchema.PUSH_PERIOD),
                values.need(LoadBalancerSchema.PUSH_JITTER),
                tls(values),
                values.need(LoadBalancerSchema.ALLOWED_LISTEN_PORTS),
                values.need(LoadBalancerSchema.ALLOWED_DOMAINS),
                values.need(LoadBalancerSchema.BALANCE),
                values.need(LoadBalancerSchema.TRANSPORT),
                values.need(LoadBalancerSchema.TLS_ENGINE),
                values.need(LoadBalancerSchema.TRUSTED_PROXIES),
                values.need(LoadBalancerSchema.STATIC_BACKENDS).stream()
                        .map(Binder::staticBackend)
                        .toList(),
                limits(values.need(LoadBalancerSchema.LIMITS)),
                timeouts(values.need(LoadBalancerSchema.TIMEOUTS)),
                accessLog(values.need(LoadBalancerSchema.ACCESS_LOG)));
    }

    private static TlsConfig tls(Values values) {
        List<CertificateConfig> certificates = new ArrayList<>();
        if (values.has(LoadBalancerSchema.TLS_CHAIN)) {
            certificates.add(new CertificateConfig(
                    values.need(LoadBalancerSchema.TLS_CHAIN), values.need(LoadBalancerSchema.TLS_KEY)));
        }
        values.need(LoadBalancerSchema.CERTIFICATES)
                .forEach(certificate -> certificates.add(new CertificateConfig(
                        certificate.need(LoadBalancerSchema.CHAIN), certificate.need(LoadBalancerSchema.KEY))));
        return new TlsConfig(
                certificates,
                values.find(LoadBalancerSchema.ACME)
                        .map(acme -> new AcmeConfig(
                                acme.need(AcmeSchema.EMAIL),
                                acme.find(AcmeSchema.DIRECTORY),
                                acme.need(AcmeSchema.TERMS),
                                acme.find(AcmeSchema.CA),
                                acme.find(AcmeSchema.DNS_HOOK),
                                acme.need(AcmeSchema.CHALLENGE),
                                acme.need(AcmeSchema.CHECK),
                                acme.need(AcmeSchema.HTTP_PORT))),
                values.find(LoadBalancerSchema.STATE_DIR),
                values.find(LoadBalancerSchema.HTTPS_REDIRECT_PORT).orElse(TlsConfig.Redirect.DEFAULT),
                values.need(LoadBalancerSchema.PLAIN_PORTS));
    }

    private static StaticBackendConfig staticBackend(Values values) {
        return new StaticBackendConfig(
                values.need(ApplicationSchema.NAME),
                values.need(LoadBalancerSchema.ADDRESSES),
                values.find(ApplicationSchema.LISTEN_PORT),
                values.need(ApplicationSchema.PROTOCOL),
                values.need(ApplicationSchema.DOMAINS),
                paths(values),
                values.need(ApplicationSchema.WEIGHT),
                options(values));
    }

    /** An empty list means what an absent one does. */
    private static List<String> paths(Values values) {
        List<String> paths = values.need(ApplicationSchema.PATHS);
        return paths.isEmpty() ? List.of("/") : paths;
    }

    private static LimitsConfig limits(Values values) {
        return new LimitsConfig(
                Math.toIntExact(values.need(LoadBalancerSchema.HEADER_BYTES)),
                values.need(LoadBalancerSchema.HEADER_COUNT),
                values.need(LoadBalancerSchema.CONNECTIONS),
                values.need(LoadBalancerSchema.MEMORY));
    }

    private static TimeoutsConfig timeouts(Values values) {
        return new TimeoutsConfig(
                values.need(LoadBalancerSchema.CLIENT_HEADER),
                values.need(LoadBalancerSchema.CLIENT_IDLE),
                values.need(LoadBalancerSchema.CONNECT),
                values.need(LoadBalancerSchema.FIRST_BYTE),
                values.need(LoadBalancerSchema.TUNNEL_IDLE),
                values.need(LoadBalancerSchema.DRAIN));
    }

    private static AccessLogConfig accessLog(Values values) {
        return new AccessLogConfig(values.need(LoadBalancerSchema.FORMAT), values.need(LoadBalancerSchema.TARGET));
    }

    private static BackendConfig backend(Values values) {
        return new BackendConfig(
                values.find(Schema.APPLICATION_CONFIG_DIR),
                values.need(Schema.APPLICATIONS).stream()
                        .map(Binder::application)
                        .toList());
    }

    private static HealthConfig health(Values values) {
        return new HealthConfig(
                values.need(ApplicationSchema.HEALTH_PATH),
                values.need(ApplicationSchema.HEALTH_INTERVAL),
                values.need(ApplicationSchema.HEALTH_TIMEOUT),
                values.need(ApplicationSchema.HEALTH_UP),
                values.need(ApplicationSchema.HEALTH_DOWN));
    }
}
