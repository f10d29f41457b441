package io.scrimplb.app.config;

import java.net.InetAddress;
import java.util.Optional;

/**
 * How this process takes part in the cluster.
 *
 * @param bindAddress where the cluster transport listens; empty when not configured. A wildcard without a secret means
 *     the first private address of the machine, else loopback
 * @param port cluster port, 0 to 65535; 0 lets the system choose
 * @param name members with another cluster name are not seen
 * @param secret joins and encrypts the cluster
 * @param joinToken a backend's way in without the secret
 * @param advertiseAddress address at which others reach this member and its applications (NAT, containers)
 */
public record ClusterConfig(
        Optional<InetAddress> bindAddress,
        int port,
        String name,
        Optional<String> secret,
        Optional<String> joinToken,
        Optional<InetAddress> advertiseAddress) {
    /** Names what is there, and never a secret's value: records end up in logs. */
    @Override
    public String toString() {
        return "ClusterConfig[bindAddress=" + bindAddress + ", port=" + port + ", name=" + name + ", secret="
                + (secret.isPresent() ? "set" : "none") + ", joinToken=" + (joinToken.isPresent() ? "set" : "none")
                + ", advertiseAddress=" + advertiseAddress + "]";
    }
}
