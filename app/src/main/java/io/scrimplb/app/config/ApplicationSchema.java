package io.scrimplb.app.config;

import io.scrimplb.app.config.Shape.ListShape;
import io.scrimplb.app.config.Shape.ObjectShape;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.proxy.spec.BalancePolicy;
import java.time.Duration;
import java.util.List;

/** The keys of an application, in a backend's file or in a file of its own. */
final class ApplicationSchema {
    private static final Duration SHORTEST_PROBE = Duration.ofMillis(100);
    private static final Duration LONGEST_PROBE = Duration.ofHours(1);
    /** More than any machine has; a larger figure is a slip. */
    private static final long MAX_MEMORY_BYTES = 64L << 40;

    static final Key<String> NAME = Key.of(
                    "name", ScalarTypes.NAME, "What it is called; the same name on several backends is one application")
            .needed();
    static final Key<Integer> LISTEN_PORT = Key.of(
            "listen-port",
            NetworkTypes.PORT,
            "Port the load balancer opens for it; absent leaves it to the load balancer");
    static final Key<Integer> APPLICATION_PORT = Key.of(
                    "application-port", NetworkTypes.PORT, "Port at which it is reached on its backend")
            .alias("port")
            .needed();
    static final Key<ApplicationProtocol> PROTOCOL = Key.of(
                    "protocol",
                    ScalarTypes.choice("protocol", ApplicationProtocol.class),
                    "How the load balancer talks to it")
            .orElse("http");
    static final Key<List<String>> DOMAINS = Key.of(
                    "domains",
                    new ListShape<>("domains", NetworkTypes.DOMAIN),
                    "Host names it answers for, *.example.com allowed; empty for any")
            .alias("domain");
    static final Key<List<String>> PATHS = Key.of(
                    "paths", new ListShape<>("paths", ScalarTypes.URL_PATH), "Path prefixes it answers for")
            .orElse("/");
    static final Key<String> VERSION = Key.of("version", ScalarTypes.VERSION, "Free text, shown in status");
    static final Key<Integer> WEIGHT = Key.of(
                    "weight", ScalarTypes.integer(1, 1000), "Share of the requests relative to other endpoints")
            .orElse("100");
    static final Key<BalancePolicy> BALANCE = Key.of(
            "balance",
            ScalarTypes.choice("policy", BalancePolicy.class),
            "How an endpoint is chosen; absent leaves it to the load balancer");
    static final Key<Boolean> STICKY = Key.of("sticky", ScalarTypes.BOOLEAN, "Whether a client stays on one endpoint")
            .orElse("false");

    static final Key<String> HEALTH_PATH = Key.of("path", ScalarTypes.URL_PATH, "Requested from the application")
            .orElse("/");
    static final Key<Duration> HEALTH_INTERVAL = Key.of(
                    "interval", ScalarTypes.duration(SHORTEST_PROBE, LONGEST_PROBE), "Between two probes")
            .orElse("5s");
    static final Key<Duration> HEALTH_TIMEOUT = Key.of(
                    "timeout", ScalarTypes.duration(SHORTEST_PROBE, LONGEST_PROBE), "Of one probe")
            .orElse("2s");
    static final Key<Integer> HEALTH_UP = Key.of(
                    "up", ScalarTypes.integer(1, 100), "Successes in a row that make it healthy")
            .orElse("2");
    static final Key<Integer> HEALTH_DOWN = Key.of(
                    "down", ScalarTypes.integer(1, 100), "Failures in a row that make it unhealthy")
            .orElse("3");
    static final Key<Values> HEALTH = Key.of(
            "health",
            ObjectShape.optional(HEALTH_PATH, HEALTH_INTERVAL, HEALTH_TIMEOUT, HEALTH_UP, HEALTH_DOWN),
            "An active probe; absent for none");

    static final Key<Double> CPU = Key.of("cpu", ScalarTypes.CORES, "Cores it needs");
    static final Key<Long> MEMORY = Key.of("memory", ScalarTypes.size(1, MAX_MEMORY_BYTES), "Memory it needs");
    static final Key<Values> RESOURCES =
            Key.of("resources", ObjectShape.optional(CPU, MEMORY), "What it needs of its machine");

    static final ObjectShape APPLICATION = ObjectShape.optional(
            NAME,
            LISTEN_PORT,
            APPLICATION_PORT,
            PROTOCOL,
            DOMAINS,
            PATHS,
            VERSION,
            WEIGHT,
            BALANCE,
            STICKY,
            HEALTH,
            RESOURCES);

    private ApplicationSchema() {}
}
