package io.scrimplb.app.config;

import io.scrimplb.app.config.Shape.ListShape;
import io.scrimplb.app.config.Shape.ObjectShape;
import io.scrimplb.membership.PortRange;
import io.scrimplb.proxy.ProxyOptions.TlsEngine;
import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.spec.BalancePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The keys of {@code load-balancer-config}. */
final class LoadBalancerSchema {
    private static final Duration DAY = Duration.ofDays(1);
    private static final ScalarType<Duration> TIMEOUT = ScalarTypes.duration(Duration.ofMillis(100), DAY);
    /** Below it the load balancer does not start. */
    private static final long MIN_MEMORY_BYTES = 16L << 20;

    private static final long MAX_MEMORY_BYTES = 1L << 40;

    static final Key<Duration> PUSH_PERIOD = Key.of(
                    "push-period",
                    ScalarTypes.duration(Duration.ofSeconds(1), DAY),
                    "How often its address is published to the seed source")
            .orElse("60s");
    static final Key<Duration> PUSH_JITTER = Key.of(
                    "push-jitter", ScalarTypes.duration(Duration.ZERO, DAY), "Random part of the period")
            .alias("jitter")
            .orElse("5s");
    static final Key<String> GENERATOR = ignored("generator");
    static final Key<String> GENERATOR_TARGET = ignored("generator-target");
    static final Key<String> GENERATOR_STDOUT = ignored("generator-stdout");

    static final Key<Path> TLS_CHAIN =
            Key.of("tls-chain-location", ScalarTypes.FILE, "PEM file with the certificate and its intermediates");
    static final Key<Path> TLS_KEY =
            Key.of("tls-key-location", ScalarTypes.FILE, "PEM file with that certificate's private key");
    static final Key<Path> CHAIN = Key.of(
                    "chain", ScalarTypes.FILE, "PEM file with the certificate and its intermediates")
            .needed();
    static final Key<Path> KEY =
            Key.of("key", ScalarTypes.FILE, "PEM file with the private key").needed();
    static final Key<List<Values>> CERTIFICATES = Key.of(
            "certificates",
            new ListShape<>("certificates", ObjectShape.optional(CHAIN, KEY)),
            "More certificates, chosen by the name that the client asks for (SNI); the first of all is the default");
    static final Key<Values> ACME =
            Key.of("acme", AcmeSchema.ACME, "Certificates that an authority signs on demand. A change takes a restart");
    static final Key<Path> STATE_DIR = Key.of(
            "state-dir",
            ScalarTypes.FILE,
            "Where the authority's account and the certificates are kept, a directory for each load balancer; absent means"
                    + " systemd's $STATE_DIRECTORY, else /var/lib/scrimplb, else ~/.local/state/scrimplb. A change takes a restart");
    static final Key<TlsConfig.Redirect> HTTPS_REDIRECT_PORT = Key.of(
            "https-redirect-port",
            NetworkTypes.REDIRECT_PORT,
            "Port that only redirects to https while there are certificates; absent means 80, or 8080 when 80 may not be"
                    + " bound. Applications that ask for it are reached at the https port");
    static final Key<List<Integer>> PLAIN_PORTS = Key.of(
            "plain-ports",
            new ListShape<>("ports", NetworkTypes.PORT),
            "Listen ports that stay plain HTTP although there are certificates");

    static final Key<List<PortRange>> ALLOWED_LISTEN_PORTS = Key.of(
                    "allowed-listen-ports",
                    new ListShape<>("ports and ranges", NetworkTypes.PORT_RANGE),
                    "What backends may ask this load balancer to open")
            .orElse("80,443,8000-8999");
    static final Key<List<String>> ALLOWED_DOMAINS = Key.of(
            "allowed-domains",
            new ListShape<>("domains", NetworkTypes.DOMAIN),
            "What backends may claim; empty for any");
    static final Key<BalancePolicy> BALANCE = Key.of(
                    "balance",
                    ScalarTypes.choice("policy", BalancePolicy.class),
                    "How an endpoint is chosen for applications that do not say")
            .orElse("round-robin");
    static final Key<Transport> TRANSPORT = Key.of(
                    "transport",
                    ScalarTypes.choice("transport", transports()),
                    "How sockets are served: auto is epoll where there is one, else nio; io_uring falls back to these, and"
                            + " a line in the log says why. A change takes a restart")
            .orElse("auto");
    static final Key<TlsEngine> TLS_ENGINE = Key.of(
                    "tls-engine",
                    ScalarTypes.choice("engine", TlsEngine.class),
                    "What does TLS: auto is openssl (BoringSSL) on Linux on x86-64 and aarch64, else jdk. A change takes a"
                            + " restart")
            .orElse("auto");
    static final Key<List<Cidr>> TRUSTED_PROXIES = Key.of(
            "trusted-proxies",
            new ListShape<>("networks", NetworkTypes.CIDR),
            "Peers whose X-Forwarded-For and PROXY protocol are believed");

    static final Key<List<HostPort>> ADDRESSES = Key.of(
                    "addresses", new ListShape<>("host:port", NetworkTypes.HOST_PORT), "Where it is reached")
            .needed();
    /** The other keys of a static backend are those of an application. */
    static final Key<List<Values>> STATIC_BACKENDS = Key.of(
            "static-backends",
            new ListShape<>(
                    "static backends",
                    ObjectShape.optional(
                            ApplicationSchema.NAME,
                            ADDRESSES,
                            ApplicationSchema.LISTEN_PORT,
                            ApplicationSchema.PROTOCOL,
                            ApplicationSchema.DOMAINS,
                            ApplicationSchema.PATHS,
                            ApplicationSchema.WEIGHT,
                            ApplicationSchema.BACKEND_TLS,
                            ApplicationSchema.PROXY_PROTOCOL,
                            ApplicationSchema.HSTS)),
            "Applications on machines that run no agent");

    static final Key<Long> HEADER_BYTES = Key.of(
                    "header-bytes", ScalarTypes.size(1024, 256 * 1024), "Size of a request or response head")
            .orElse("32k");
    static final Key<Integer> HEADER_COUNT = Key.of(
                    "header-count", ScalarTypes.integer(1, 1000), "Header lines of a head")
            .orElse("100");
    static final Key<Integer> CONNECTIONS = Key.of(
                    "connections", ScalarTypes.integer(1, 10_000_000), "Client connections over all listeners")
            .orElse("20000");
    static final Key<OptionalLong> MEMORY = Key.of(
                    "memory", ScalarTypes.sizeOrAuto(MIN_MEMORY_BYTES, MAX_MEMORY_BYTES), "Memory budget")
            .orElse("auto");
    static final Key<Values> LIMITS = Key.of(
            "limits",
            ObjectShape.implied(HEADER_BYTES, HEADER_COUNT, CONNECTIONS, MEMORY),
            "Bounds on what a stranger can make it hold");

    static final Key<Duration> CLIENT_HEADER = Key.of(
                    "client-header", TIMEOUT, "From the first byte of a request head to its end; over it 408")
            .orElse("10s");
    static final Key<Duration> CLIENT_IDLE = Key.of(
                    "client-idle", TIMEOUT, "Between two requests, and without progress inside one")
            .orElse("60s");
    static final Key<Duration> CONNECT = Key.of(
                    "connect", TIMEOUT, "To establish a connection to an endpoint; over it the next is tried")
            .orElse("3s");
    static final Key<Duration> FIRST_BYTE = Key.of(
                    "first-byte", TIMEOUT, "From the end of the request to the response's first byte; over it 504")
            .orElse("60s");
    static final Key<Duration> TUNNEL_IDLE = Key.of(
                    "tunnel-idle",
                    ScalarTypes.duration(Duration.ofMillis(100), Duration.ofDays(30)),
                    "Without a byte either way in a WebSocket or TCP session")
            .orElse("1h");
    static final Key<Duration> DRAIN = Key.of(
                    "drain", TIMEOUT, "What is in flight may still take this long once it stops")
            .orElse("30s");
    static final Key<Values> TIMEOUTS = Key.of(
            "timeouts",
            ObjectShape.implied(CLIENT_HEADER, CLIENT_IDLE, CONNECT, FIRST_BYTE, TUNNEL_IDLE, DRAIN),
            "How long each phase may last");

    static final Key<AccessLogConfig.Format> FORMAT = Key.of(
                    "format", ScalarTypes.choice("format", AccessLogConfig.Format.class), "How a line looks")
            .orElse("off");
    private static final ScalarType<Optional<Path>> STDOUT_OR_FILE = new ScalarType<>(
            "stdout or file",
            text -> text.equals("stdout")
                    ? Optional.empty()
                    : Optional.of(ScalarTypes.FILE.parser().parse(text)));

    static final Key<Optional<Path>> TARGET =
            Key.of("target", STDOUT_OR_FILE, "Where the lines go").orElse("stdout");
    static final Key<Values> ACCESS_LOG =
            Key.of("access-log", ObjectShape.implied(FORMAT, TARGET), "The log of requests");

    static final ObjectShape LOAD_BALANCER = ObjectShape.implied(
            PUSH_PERIOD,
            PUSH_JITTER,
            TLS_CHAIN,
            TLS_KEY,
            CERTIFICATES,
            ACME,
            STATE_DIR,
            HTTPS_REDIRECT_PORT,
            PLAIN_PORTS,
            ALLOWED_LISTEN_PORTS,
            ALLOWED_DOMAINS,
            BALANCE,
            TRANSPORT,
            TLS_ENGINE,
            TRUSTED_PROXIES,
            STATIC_BACKENDS,
            LIMITS,
            TIMEOUTS,
            ACCESS_LOG,
            GENERATOR,
            GENERATOR_TARGET,
            GENERATOR_STDOUT);

    private LoadBalancerSchema() {}

    /** Whether certificates are named, or a way to get some. */
    static boolean hasCertificates(Values values) {
        return values.has(TLS_CHAIN)
                || values.has(ACME)
                || values.find(CERTIFICATES).filter(list -> !list.isEmpty()).isPresent();
    }

    /** As the system spells them, the underscore included. */
    private static Map<String, Transport> transports() {
        Map<String, Transport> spelt = new LinkedHashMap<>();
        spelt.put("auto", Transport.AUTO);
        spelt.put("epoll", Transport.EPOLL);
        spelt.put("io_uring", Transport.IO_URING);
        spelt.put("nio", Transport.NIO);
        return spelt;
    }

    private static Key<String> ignored(String name) {
        return Key.of(name, ScalarTypes.ANYTHING, "Accepted for old files and ignored: no nginx is driven any more");
    }
}
