package io.scrimplb.app.runtime;

import io.scrimplb.app.config.ClusterConfig;
import io.scrimplb.app.config.SeedSourceConfig;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Membership;
import io.scrimplb.membership.MembershipEvents;
import io.scrimplb.membership.MembershipException;
import io.scrimplb.membership.MembershipSpec;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.jgroups.JGroupsMembership;
import io.scrimplb.membership.trust.Credentials;
import io.scrimplb.seed.SeedConfigException;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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

    /** Takes up to half a second more for each secret of a person's own, which is stretched. */
    static Membership join(
            ClusterConfig config, Role role, Placement placement, SeedProvider seeds, MembershipEvents events)
            throws StartException {
        MembershipSpec spec = new MembershipSpec(
                config.name(),
                role,
                hostName(),
                placement.bind(),
                placement.port(),
                role == Role.BACKEND && placement.port() != 0 ? BACKEND_PORT_RANGE : 0,
                placement.advertise(),
                placement.advertisePort());
        try {
            return JGroupsMembership.start(spec, credentials(config), seeds, events);
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

    /** Null where there is neither a secret nor a token. */
    private static @Nullable Credentials credentials(ClusterConfig config) {
        if (config.secret().isPresent()) {
            return Credentials.of(config.secret().get(), config.previousSecret().orElse(null));
        }
        return config.joinToken().map(Credentials::of).orElse(null);
    }

    /** What this process may offer by what it joins with. */
    static Claims claims(ClusterConfig config) {
        return config.joinToken().map(token -> token.grant().claims()).orElse(Claims.UNLIMITED);
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
