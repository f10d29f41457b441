package io.scrimplb.app.config;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.JoinToken;
import java.net.InetAddress;
import java.util.Optional;

/**
 * How this process takes part in the cluster.
 *
 * @param bindAddress where the cluster transport listens; empty when not configured. Without a secret or a token that and
 *     a wildcard mean the first private address of the machine, else loopback
 * @param configuredPort cluster port, 0 to 65535, 0 lets the system choose; empty for the role's default
 * @param name members with another cluster name are not seen
 * @param secret joins and encrypts the cluster
 * @param previousSecret is understood too, while the secret is changed; only there beside {@code secret}
 * @param joinToken a backend's way in without the secret
 * @param advertiseAddress address at which others reach this member and its applications (NAT, containers)
 * @param advertisePort cluster port at which others reach this member, 0 for the one that is bound
 */
public record ClusterConfig(
        Optional<InetAddress> bindAddress,
        Optional<Integer> configuredPort,
        String name,
        Optional<ClusterSecret> secret,
        Optional<ClusterSecret> previousSecret,
        Optional<JoinToken> joinToken,
        Optional<InetAddress> advertiseAddress,
        int advertisePort) {
    /** Default of a load balancer, and what a backend looks for when the port of a seed is not said. */
    public static final int LOAD_BALANCER_PORT = 9999;
    /** Default of a backend: another port, so that it never takes the load balancer's on a machine with both. */
    public static final int BACKEND_PORT = 10_000;

    private static String set(Optional<?> value) {
        return value.isPresent() ? "set" : "none";
    }

    /** The cluster port of a process of that role, 0 to 65535; 0 lets the system choose. */
    public int portFor(Role role) {
        return configuredPort.orElse(role == Role.BACKEND ? BACKEND_PORT : LOAD_BALANCER_PORT);
    }

    /** Whether members prove to each other that they belong to the cluster. */
    public boolean secured() {
        return secret.isPresent() || joinToken.isPresent();
    }

    /** Names what is there, and never a secret's value: records end up in logs. */
    @Override
    public String toString() {
        return "ClusterConfig[bindAddress=" + bindAddress + ", port=" + configuredPort + ", name=" + name + ", secret="
                + set(secret) + ", previousSecret=" + set(previousSecret) + ", joinToken=" + set(joinToken)
                + ", advertiseAddress=" + advertiseAddress + ", advertisePort=" + advertisePort + "]";
    }
}
