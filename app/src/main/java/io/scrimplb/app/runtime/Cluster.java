package io.scrimplb.app.runtime;

import io.scrimplb.app.config.ClusterConfig;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.app.config.SeedSourceConfig;
import io.scrimplb.membership.Membership;
import io.scrimplb.membership.MembershipEvents;
import io.scrimplb.membership.MembershipException;
import io.scrimplb.membership.MembershipSpec;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.jgroups.JGroupsMembership;
import io.scrimplb.seed.SeedConfigException;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedProviders;
import io.scrimplb.seed.address.PrivateAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How a configuration becomes a place in the cluster. */
final class Cluster {
    /** Ports a backend tries after the configured one; several agents may share a machine. */
    private static final int BACKEND_PORT_RANGE = 100;

    private Cluster() {}

    static SeedProvider seedProvider(SeedSourceConfig config) throws StartException {
        try {
            return SeedProviders.load().create(config.provider(), config.providerConfig());
        } catch (SeedConfigException e) {
            throw new StartException(StartException.Kind.CONFIGURATION, "provider-config: " + e.getMessage());
        }
    }

    static Membership join(LoadedConfig loaded, Role role, SeedProvider seeds, MembershipEvents events)
            throws StartException {
        ClusterConfig config = loaded.config().cluster();
        int port = config.portFor(role);
        MembershipSpec spec = new MembershipSpec(
                config.name(),
                role,
                hostName(),
                bindAddress(config),
                port,
                role == Role.BACKEND && port != 0 ? BACKEND_PORT_RANGE : 0,
                config.advertiseAddress().orElse(null),
                0);
        try {
            return JGroupsMembership.start(spec, null, seeds, events);
        } catch (MembershipException e) {
            throw new StartException(
                    switch (e.reason()) {
                        case PORT_TAKEN -> StartException.Kind.PORT;
                        case ADDRESS_REFUSED -> StartException.Kind.CONFIGURATION;
                        case FAILED -> StartException.Kind.FAILED;
                    },
                    String.valueOf(e.getMessage()));
        }
    }

    /** What is configured; nothing or a wildcard means an address that strangers cannot reach. */
    private static InetAddress bindAddress(ClusterConfig config) {
        Optional<InetAddress> configured = config.bindAddress().filter(address -> !address.isAnyLocalAddress());
        return configured.orElseGet(PrivateAddresses::firstPrivate);
    }

    /** Without asking a name server, which may take seconds to know nothing. */
    private static String hostName() {
        String fromEnvironment = System.getenv("HOSTNAME");
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return fromEnvironment.strip();
        }
        try {
            String fromFile = Files.readString(Path.of("/etc/hostname")).strip();
            return fromFile.isEmpty() ? "localhost" : fromFile;
        } catch (IOException e) {
            return "localhost";
        }
    }
}
