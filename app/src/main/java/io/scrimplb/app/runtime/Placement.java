package io.scrimplb.app.runtime;

import io.scrimplb.app.config.ClusterConfig;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.membership.Role;
import io.scrimplb.seed.address.AddressException;
import io.scrimplb.seed.address.AddressResolver;
import io.scrimplb.seed.address.PrivateAddresses;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a member listens for others, and where they reach it.
 *
 * @param bind address of the cluster's port; a wildcard only in a cluster with a secret
 * @param port of the cluster, 0 to 65535; 0 lets the system choose
 * @param advertise what others shall use; null for {@code bind}, never null when that is a wildcard
 * @param advertisePort what others shall use, 0 for the port that is bound
 */
record Placement(InetAddress bind, int port, @Nullable InetAddress advertise, int advertisePort) {
    private static final Logger log = LoggerFactory.getLogger(Placement.class);
    private static final String EVERY_IPV4 = "0.0.0.0";
    private static final String EVERY_IPV6 = "::";

    /**
     * By the configuration. Whoever listens on every address has to name one to the others: {@code advertise-address}, else
     * what the resolver finds. May block for some seconds where the resolver does ({@code ec2}).
     */
    static Placement of(LoadedConfig loaded, Role role) throws StartException {
        ClusterConfig config = loaded.config().cluster();
        InetAddress configured = config.bindAddress().orElse(null);
        InetAddress advertise = config.advertiseAddress().orElse(null);
        InetAddress bind;
        if (!config.secured()) {
            bind = configured == null || configured.isAnyLocalAddress() ? PrivateAddresses.firstPrivate() : configured;
        } else {
            boolean everywhere = configured == null || configured.isAnyLocalAddress();
            if (everywhere && advertise == null) {
                advertise = resolve(loaded.config().seedSource().resolver());
            }
            bind = configured == null ? everyAddressLike(advertise) : configured;
        }
        return new Placement(bind, config.portFor(role), advertise, config.advertisePort());
    }

    /**
     * Where this process listens for the cluster, for whoever must not send it anything else.
     *
     * @param reached where the cluster reaches this member
     */
    InetSocketAddress bound(InetSocketAddress reached) {
        return new InetSocketAddress(bind, port == 0 ? reached.getPort() : port);
    }

    /** IPv4 unless the others are told an IPv6 address, which a socket for IPv4 would not hear. */
    private static InetAddress everyAddressLike(@Nullable InetAddress advertised) {
        try {
            return InetAddress.getByName(advertised instanceof Inet6Address ? EVERY_IPV6 : EVERY_IPV4);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a literal address needs no look-up", e);
        }
    }

    private static InetAddress resolve(String resolver) throws StartException {
        try {
            InetAddress found = AddressResolver.parse(resolver).resolve();
            if (found.isLoopbackAddress()) {
                log.warn(
                        "the resolver {} finds no address of this machine but {}, so only members on it reach this one:"
                                + " set advertise-address to one that the others reach",
                        resolver,
                        found.getHostAddress());
            }
            return found;
        } catch (AddressException e) {
            throw new StartException(
                    StartException.Kind.CONFIGURATION,
                    e.getMessage() + "; or name the address for others by advertise-address");
        }
    }
}
