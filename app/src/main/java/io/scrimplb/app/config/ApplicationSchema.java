package io.scrimplb.app.config;

import io.scrimplb.app.config.Shape.ListShape;
import io.scrimplb.app.config.Shape.ObjectShape;
import io.scrimplb.membership.ApplicationOptions.ProxyProtocol;
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

    static final Key<PemTypes.Authorities> CA = Key.of(
            "ca",
            PemTypes.AUTHORITIES,
            "PEM file with the authority that signed the application's certificate, on the machine that reads this key and read"
                    + " together with it, and of a file in application-config-dir whenever it changes; absent for those that Java brings along");
    static final Key<String> SERVER_NAME = Key.of(
            "server-name",
            NetworkTypes.EXACT_DOMAIN,
            "Name that is asked for and that the certificate must be for; absent for the first domain that is no wildcard, else"
                    + " the address");
    static final Key<Boolean> INSECURE = Key.of(
                    "insecure",
                    ScalarTypes.BOOLEAN,
                    "Takes any certificate: whoever is on the way can then read and change everything")
            .orElse("false");
    static final Key<Values> BACKEND_TLS = Key.of(
            "backend-tls",
            ObjectShape.optional(CA, SERVER_NAME, INSECURE),
            "Whom the load balancer takes for the application with protocol https");
    static final Key<ProxyProtocol> PROXY_PROTOCOL = Key.of(
            "proxy-protocol",
            ScalarTypes.choice("version", ProxyProtocol.class),
            "Begins each connection to it with the client's address (PROXY protocol); absent for not");
    static final Key<Duration> HSTS_MAX_AGE = Key.of(
                    "max-age",
                    ScalarTypes.duration(Duration.ZERO, Duration.ofDays(3650)),
                    "How long browsers remember it; 0s takes it back")
            .needed();
    static final Key<Boolean> HSTS_SUBDOMAINS = Key.of(
                    "include-subdomains", ScalarTypes.BOOLEAN, "Whether it holds for all names below its domains too")
            .orElse("false");
    static final Key<Values> HSTS = Key.of(
            "hsts",
            ObjectShape.optional(HSTS_MAX_AGE, HSTS_SUBDOMAINS),
            "Tells browsers to use https only, for that long (Strict-Transport-Security); absent for not");

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
            BACKEND_TLS,
            PROXY_PROTOCOL,
            HSTS,
            HEALTH,
            RESOURCES);

    private ApplicationSchema() {}
}
