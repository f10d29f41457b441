package io.scrimplb.app.config;

import io.scrimplb.app.config.Shape.ListShape;
import io.scrimplb.app.config.Shape.ObjectShape;
import io.scrimplb.membership.trust.JoinToken;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The top of the configuration: the one table of its keys. The larger objects have tables of their own. */
final class Schema {
    static final Key<Boolean> LB =
            Key.of("lb", ScalarTypes.BOOLEAN, "Whether the file is a load balancer's; must agree with the sub-command");
    static final Key<InetAddress> BIND_ADDRESS = Key.of(
            "bind-address",
            NetworkTypes.ADDRESS,
            "Cluster transport; absent means every address with a cluster-secret or join-token. Without one, absent or"
                    + " 0.0.0.0 means the first private address, else loopback, and a public one is refused");
    static final Key<Integer> PORT = Key.of(
            "port",
            NetworkTypes.BIND_PORT,
            "Cluster port; absent means " + ClusterConfig.LOAD_BALANCER_PORT + " on a load balancer and "
                    + ClusterConfig.BACKEND_PORT
                    + " on a backend. A backend that finds it taken uses the next free one, 0 lets the system choose");
    static final Key<String> CLUSTER_NAME = Key.of(
                    "cluster-name", ScalarTypes.NAME, "Members with another cluster name are not seen")
            .orElse("scrimp");
    static final Key<String> CLUSTER_SECRET = Key.of(
                    "cluster-secret",
                    TrustTypes.SECRET,
                    "Closes the cluster to strangers and encrypts it; the same on every member, made by 'scrimp secret'")
            .masked();
    static final Key<String> PREVIOUS_CLUSTER_SECRET = Key.of(
                    "previous-cluster-secret",
                    TrustTypes.SECRET,
                    "The one before, understood as well while the secret is changed on one member after the other")
            .masked();
    static final Key<Boolean> ALLOW_WEAK_SECRET = Key.of(
                    "allow-weak-secret",
                    ScalarTypes.BOOLEAN,
                    "Whether a secret may be short or have a pattern; whoever reaches the cluster's port can guess such"
                            + " a one at home")
            .orElse("false");
    static final Key<JoinToken> JOIN_TOKEN = Key.of(
                    "join-token",
                    TrustTypes.JOIN_TOKEN,
                    "A backend's way into the cluster without the secret, with limits; made by 'scrimp token create'")
            .masked();
    static final Key<InetAddress> ADVERTISE_ADDRESS = Key.of(
            "advertise-address",
            NetworkTypes.ADDRESS,
            "Address at which others reach this member and its applications (NAT, containers); absent means"
                    + " bind-address, or what resolver finds when that is every address");
    static final Key<Integer> ADVERTISE_PORT = Key.of(
                    "advertise-port",
                    NetworkTypes.BIND_PORT,
                    "Port at which others reach this member (NAT, containers); 0 means the one that is bound")
            .orElse("0");
    static final Key<String> PROVIDER = Key.of(
                    "provider", ProviderSchema.PROVIDER_TYPE, "Where addresses to join through are kept")
            .orElse("dummy");
    static final Key<Values> PROVIDER_CONFIG =
            Key.of("provider-config", ProviderSchema.ANY, "The provider's own keys; see below");
    static final Key<String> RESOLVER = Key.of(
                    "resolver",
                    NetworkTypes.RESOLVER,
                    "How the own address is found that is published, and told to others when bind-address is every"
                            + " address; auto is the one that the default route sends from")
            .orElse("auto");
    static final Key<Optional<HostPort>> ADMIN_ADDRESS = Key.of(
            "admin-address",
            NetworkTypes.ADMIN_ADDRESS,
            "Health, metrics and API; absent means 127.0.0.1:9494 on a load balancer and 127.0.0.1:9495 on a"
                    + " backend");
    static final Key<String> ADMIN_TOKEN = Key.of(
                    "admin-token", ScalarTypes.TEXT, "What a client of an admin address beyond loopback must show")
            .masked();
    static final Key<Values> LOAD_BALANCER_CONFIG =
            Key.of("load-balancer-config", LoadBalancerSchema.LOAD_BALANCER, "What only a load balancer reads");

    static final Key<Path> APPLICATION_CONFIG_DIR = Key.of(
            "application-config-dir",
            ScalarTypes.FILE,
            "Directory of *.scrimp.json and *.scrimp.yaml files with one application or a list of them, watched");
    static final Key<List<Values>> APPLICATIONS = Key.of(
            "applications",
            new ListShape<>("applications", ApplicationSchema.APPLICATION),
            "Applications announced from the start");
    static final Key<Values> BACKEND_CONFIG = Key.of(
            "backend-config", ObjectShape.implied(APPLICATION_CONFIG_DIR, APPLICATIONS), "What only a backend reads");

    static final ObjectShape ROOT = ObjectShape.implied(
            LB,
            BIND_ADDRESS,
            PORT,
            CLUSTER_NAME,
            CLUSTER_SECRET,
            PREVIOUS_CLUSTER_SECRET,
            ALLOW_WEAK_SECRET,
            JOIN_TOKEN,
            ADVERTISE_ADDRESS,
            ADVERTISE_PORT,
            PROVIDER,
            PROVIDER_CONFIG,
            RESOLVER,
            ADMIN_ADDRESS,
            ADMIN_TOKEN,
            LOAD_BALANCER_CONFIG,
            BACKEND_CONFIG);

    private Schema() {}

    /** Whether the value at this path is a secret, so that no message may show it. */
    static boolean isMasked(String path) {
        return isMasked(ROOT, "", path) || isMasked(ProviderSchema.ANY, PROVIDER_CONFIG.name(), path);
    }

    private static boolean isMasked(ObjectShape shape, String above, String path) {
        return shape.keys().stream()
                .anyMatch(key -> key.secret() && Values.join(above, key.name()).equals(path));
    }
}
