package io.scrimplb.app.runtime;

import io.scrimplb.app.config.ClusterConfig;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator of a load balancer how backends join it. */
final class JoinHint {
    private static final Logger log = LoggerFactory.getLogger(JoinHint.class);

    private JoinHint() {}

    /** @param cluster where the cluster reaches this member */
    static void tell(ClusterConfig config, InetSocketAddress cluster) {
        if (!config.secured()
                && cluster.getAddress().isLoopbackAddress()
                && config.bindAddress().isEmpty()) {
            log.warn(
                    "this machine has no private address, so only backends on it can join (cluster at {}): set a"
                            + " cluster-secret on all members ('scrimp secret' prints one), or connect the machines by a"
                            + " private network or a VPN",
                    Addresses.text(cluster));
        }
        log.info(
                "load balancer ready: cluster \"{}\" at {}; a backend joins with: backend --join {} --app NAME=PORT{}",
                config.name(),
                Addresses.text(cluster),
                Addresses.text(cluster),
                config.secured() ? ", and the same cluster-secret or a join-token" : "");
    }
}
