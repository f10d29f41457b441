package io.scrimplb.app.runtime;

import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.app.config.ScrimpConfig;
import io.scrimplb.app.metrics.Metrics;
import io.scrimplb.seed.OwnSeed;
import io.scrimplb.seed.PushPlan;
import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedPublisher;
import io.scrimplb.seed.address.AddressException;
import io.scrimplb.seed.address.AddressResolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a load balancer's address in the seed source. */
final class Publication {
    private static final Logger log = LoggerFactory.getLogger(Publication.class);
    private static final String AUTO = "auto";

    /** Sources that other machines read. */
    private static final Set<String> REMOTE_SOURCES = Set.of("s3", "http");

    private final LoadedConfig loaded;
    private final SeedProvider provider;
    private final InetSocketAddress cluster;
    private final OwnSeed own;
    private final Metrics metrics;

    private Publication(
            LoadedConfig loaded, SeedProvider provider, InetSocketAddress cluster, OwnSeed own, Metrics metrics) {
        this.loaded = loaded;
        this.provider = provider;
        this.cluster = cluster;
        this.own = own;
        this.metrics = metrics;
    }

    /**
     * @param cluster where the cluster reaches this member
     */
    static Publication of(LoadedConfig loaded, SeedProvider provider, InetSocketAddress cluster, Metrics metrics)
            throws StartException {
        return new Publication(loaded, provider, cluster, ownSeed(loaded.config(), cluster), metrics);
    }

    /** Publishes from now on; empty when the source cannot be written. */
    Optional<SeedPublisher> start() {
        if (cluster.getAddress().isLoopbackAddress() && REMOTE_SOURCES.contains(provider.type())) {
            log.warn(
                    "{} is published at {}, but only this machine can reach it: set bind-address, or"
                            + " advertise-address, to one that the others reach",
                    Addresses.text(cluster),
                    provider.location());
        }
        PushPlan plan = new PushPlan(
                loaded.config().loadBalancer().pushPeriod(),
                loaded.config().loadBalancer().pushJitter());
        return SeedPublisher.start(provider, own, plan, (type, result) -> metrics.seedPushed(type, result.label()));
    }

    /**
     * By itself a member publishes where the cluster reaches it, and so it does when it was told what to advertise; any
     * other resolver is the operator's explicit wish, and is asked again for each push.
     */
    static OwnSeed ownSeed(ScrimpConfig config, InetSocketAddress cluster) throws StartException {
        String resolver = config.seedSource().resolver();
        int advertised = config.cluster().advertisePort();
        int port = advertised == 0 ? cluster.getPort() : advertised;
        Optional<InetAddress> named = config.cluster().advertiseAddress();
        if (named.isPresent()) {
            return () -> seed(named.get(), port);
        }
        if (resolver.equals(AUTO)) {
            return () -> seed(cluster.getAddress(), port);
        }
        try {
            AddressResolver parsed = AddressResolver.parse(resolver);
            return () -> {
                try {
                    return seed(parsed.resolve(), port);
                } catch (AddressException e) {
                    throw new SeedException(String.valueOf(e.getMessage()), e);
                }
            };
        } catch (AddressException e) {
            throw new StartException(StartException.Kind.CONFIGURATION, "resolver: " + e.getMessage());
        }
    }

    private static Seed seed(InetAddress address, int port) {
        return new Seed(address.getHostAddress(), port, null);
    }
}
