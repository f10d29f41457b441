package io.scrimplb.app.config;

import io.scrimplb.membership.Role;
import java.net.InetAddress;
import java.util.Optional;

/**
 * How this process takes part in the cluster.
 *
 * @param bindAddress where the cluster transport listens; empty when not configured. A wildcard without a secret means
 *     the first private address of the machine, else loopback
 * @param configuredPort cluster port, 0 to 65535, 0 lets the system choose; empty for the role's default
 * @param name members with another cluster name are not seen
 * @param secret joins and encrypts the cluster
 * @param joinToken a backend's way in without the secret
 * @param advertiseAddress address at which others reach this member and its applications (NAT, containers)
 */
public record ClusterConfig(
        Optional<InetAddress> bindAddress,
        Optional<Integer> configuredPort,
        String name,
        Optional<String> secret,
        Optional<String> joinToken,
        Optional<InetAddress> advertiseAddress) {
    /** Default of a load balancer, and what a backend looks for when the port of a seed is not said. */
    public static final int LOAD_BALANCER_PORT = 9999;
    /** Default of a backend: another port, so that it never takes the load balancer's on a machine with both. */
    public static final int BACKEND_PORT = 10_000;

    /** The cluster port of a process of that role, 0 to 65535; 0 lets the system choose. */
    public int portFor(Role role) {
        return configuredPort.orElse(role == Role.BACKEND ? BACKEND_PORT : LOAD_BALANCER_PORT);
    }

    /** Names what is there, and never a secret's value: records end up in logs. */
    @Override
    public String toString() {
        return "ClusterConfig[bindAddress=" + bindAddress + ", port=" + configuredPort + ", name=" + name + ", secret="
                + (secret.isPresent() ? "set" : "none") + ", joinToken=" + (joinToken.isPresent() ? "set" : "none")
                + ", advertiseAddress=" + advertiseAddress + "]";
    }
}
