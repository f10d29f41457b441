package io.scrimplb.app.config;

import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.membership.Role;
import io.scrimplb.seed.address.PrivateAddresses;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What no key can tell by itself: values that must fit each other and the role. Tolerates values that are missing. */
final class CrossChecks {
    private final Problems problems;

    CrossChecks(Problems problems) {
        this.problems = problems;
    }

    /** @param role what the process is about to be; empty when nobody said */
    void check(Values root, Optional<Role> role) {
        role.ifPresent(wanted -> checkRole(root, wanted));
        checkProvider(root);
        checkAdmin(root);
        new SecretChecks(problems).check(root, role);
        checkBindAddress(root);
        checkAdvertiseAddress(root);
        root.find(Schema.LOAD_BALANCER_CONFIG).ifPresent(this::checkLoadBalancer);
        root.find(Schema.BACKEND_CONFIG)
                .flatMap(backend -> backend.find(Schema.APPLICATIONS))
                .ifPresent(this::checkApplications);
    }

    /** For a list of applications wherever it stands: names are unique, and raw bytes need a port of their own. */
    void checkApplications(List<Values> applications) {
        Map<String, Origin> seen = new HashMap<>();
        for (Values application : applications) {
            checkPort(application);
            checkOptions(application);
            application.find(ApplicationSchema.NAME).ifPresent(name -> {
                Origin earlier = seen.putIfAbsent(name, application.origin(ApplicationSchema.NAME));
                if (earlier != null) {
                    problems.add(
                            application.origin(ApplicationSchema.NAME),
                            application.path(ApplicationSchema.NAME),
                            Excerpt.quote(name) + " is taken by the one at " + earlier);
                }
            });
        }
    }

    private void checkPort(Values application) {
        Optional<ApplicationProtocol> protocol = application.find(ApplicationSchema.PROTOCOL);
        if (protocol.filter(ApplicationProtocol.TCP::equals).isPresent()
                && !application.has(ApplicationSchema.LISTEN_PORT)) {
            problems.add(
                    application.origin(ApplicationSchema.PROTOCOL),
                    application.path(ApplicationSchema.LISTEN_PORT),
                    "is missing; with protocol tcp the port is all that tells applications apart");
        }
    }

    private void checkOptions(Values application) {
        Optional<ApplicationProtocol> protocol = application.find(ApplicationSchema.PROTOCOL);
        if (protocol.filter(ApplicationProtocol.TLS::equals).isPresent()
                && application
                        .find(ApplicationSchema.DOMAINS)
                        .filter(List::isEmpty)
                        .isPresent()) {
            problems.add(
                    application.origin(ApplicationSchema.PROTOCOL),
                    application.path(ApplicationSchema.DOMAINS),
                    "is missing; with protocol tls the name that the client asks for is all that tells applications apart");
        }
        if (protocol.filter(it -> it != ApplicationProtocol.HTTPS).isPresent()) {
            misplaced(application, ApplicationSchema.BACKEND_TLS, "is for protocol https only");
        }
        if (protocol.filter(it -> it == ApplicationProtocol.TCP || it == ApplicationProtocol.TLS)
                .isPresent()) {
            misplaced(application, ApplicationSchema.HSTS, "is for HTTP, which is not read with protocol tcp and tls");
        }
        application.find(ApplicationSchema.BACKEND_TLS).ifPresent(tls -> {
            if (tls.has(ApplicationSchema.CA)
                    && tls.find(ApplicationSchema.INSECURE).orElse(false)) {
                problems.add(
                        tls.origin(ApplicationSchema.INSECURE),
                        tls.path(ApplicationSchema.INSECURE),
                        "is true together with ca, which would mean nothing; keep one of the two");
            }
        });
    }

    private void misplaced(Values application, Key<?> key, String why) {
        if (application.has(key)) {
            problems.add(application.origin(key), application.path(key), why);
        }
    }

    private void checkRole(Values root, Role role) {
        boolean loadBalancer = role == Role.LOAD_BALANCER;
        if (root.find(Schema.LB).filter(said -> said != loadBalancer).isPresent()) {
            String other = loadBalancer ? "backend" : "lb";
            problems.add(
                    root.origin(Schema.LB),
                    root.path(Schema.LB),
                    "is " + !loadBalancer + ", so the file is for 'scrimp " + other + "', but the command is '"
                            + (loadBalancer ? "lb" : "backend") + "'");
        }
        if (!loadBalancer && !root.has(Schema.PROVIDER)) {
            problems.add(
                    root.origin(),
                    root.path(Schema.PROVIDER),
                    "is missing; a backend must know where its load balancer is: give --join HOST[:PORT], or set"
                            + " provider to one of manual, file, s3, http, dns");
        }
    }

    private void checkProvider(Values root) {
        if (root.has(Schema.PROVIDER_CONFIG) && !root.has(Schema.PROVIDER)) {
            problems.add(
                    root.origin(Schema.PROVIDER_CONFIG),
                    root.path(Schema.PROVIDER_CONFIG),
                    "is there, but provider is not; say which one it is for");
        }
        Optional<String> provider = root.find(Schema.PROVIDER);
        if (provider.isEmpty() || !root.has(Schema.PROVIDER)) {
            return;
        }
        Optional<Values> config = root.find(Schema.PROVIDER_CONFIG);
        if (config.isEmpty()) {
            if (!root.has(Schema.PROVIDER_CONFIG) && !provider.get().equals("dummy")) {
                problems.add(
                        root.origin(Schema.PROVIDER),
                        root.path(Schema.PROVIDER_CONFIG),
                        "is missing; the provider " + provider.get() + " needs it");
            }
        } else if (provider.get().equals("manual")) {
            checkManual(config.get());
        }
    }

    private void checkManual(Values config) {
        if (config.has(ProviderSchema.IP) && config.has(ProviderSchema.ADDRESSES)) {
            problems.add(
                    config.origin(ProviderSchema.IP),
                    config.path(ProviderSchema.IP),
                    "is there together with addresses; keep one of the two");
        } else if (!config.has(ProviderSchema.IP) && !config.has(ProviderSchema.ADDRESSES)) {
            problems.add(
                    config.origin(),
                    config.path(),
                    "needs ip, or addresses with at least one host:port, for the provider manual");
        }
    }

    private void checkAdmin(Values root) {
        Optional<HostPort> address = root.find(Schema.ADMIN_ADDRESS).flatMap(given -> given);
        if (address.isPresent() && !Loopback.is(address.get().host()) && !root.has(Schema.ADMIN_TOKEN)) {
            problems.add(
                    root.origin(Schema.ADMIN_ADDRESS),
                    root.path(Schema.ADMIN_ADDRESS),
                    address.get() + " can be reached by others; set admin-token too, or use 127.0.0.1");
        }
    }

    /** Without a secret the cluster's transport believes whoever reaches it, so strangers must not. */
    private void checkBindAddress(Values root) {
        if (root.has(Schema.CLUSTER_SECRET) || root.has(Schema.JOIN_TOKEN)) {
            return;
        }
        root.find(Schema.BIND_ADDRESS)
                .filter(address -> !address.isAnyLocalAddress() && !PrivateAddresses.isPrivate(address))
                .ifPresent(address -> problems.add(
                        root.origin(Schema.BIND_ADDRESS),
                        root.path(Schema.BIND_ADDRESS),
                        address.getHostAddress()
                                + " is public, and without a cluster secret anybody there could join: set"
                                + " cluster-secret ('scrimp secret' prints one), or bind a loopback or private"
                                + " address (a VPN's will do)"));
    }

    private void checkAdvertiseAddress(Values root) {
        root.find(Schema.ADVERTISE_ADDRESS)
                .filter(address -> address.isAnyLocalAddress() || address.isMulticastAddress())
                .ifPresent(address -> problems.add(
                        root.origin(Schema.ADVERTISE_ADDRESS),
                        root.path(Schema.ADVERTISE_ADDRESS),
                        address.getHostAddress() + " is no address at which others could reach this member"));
    }

    private void checkLoadBalancer(Values values) {
        new TlsChecks(problems).check(values);
        if (values.find(LoadBalancerSchema.ALLOWED_LISTEN_PORTS)
                .filter(List::isEmpty)
                .isPresent()) {
            problems.add(
                    values.origin(LoadBalancerSchema.ALLOWED_LISTEN_PORTS),
                    values.path(LoadBalancerSchema.ALLOWED_LISTEN_PORTS),
                    "is empty, so no application could be reached; leave it out for 80, 443, 8000-8999");
        }
        values.find(LoadBalancerSchema.STATIC_BACKENDS).ifPresent(backends -> {
            checkApplications(backends);
            for (Values backend : backends) {
                if (backend.find(LoadBalancerSchema.ADDRESSES)
                        .filter(List::isEmpty)
                        .isPresent()) {
                    problems.add(
                            backend.origin(LoadBalancerSchema.ADDRESSES),
                            backend.path(LoadBalancerSchema.ADDRESSES),
                            "is empty; name at least one host:port");
                }
            }
        });
    }
}
