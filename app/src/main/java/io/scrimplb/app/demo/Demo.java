package io.scrimplb.app.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.app.config.ConfigException;
import io.scrimplb.app.config.ConfigLoader;
import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.app.config.Overrides;
import io.scrimplb.app.registry.TlsPolicy;
import io.scrimplb.app.runtime.Backend;
import io.scrimplb.app.runtime.ListenDefaults;
import io.scrimplb.app.runtime.LoadBalancer;
import io.scrimplb.app.runtime.RunningRole;
import io.scrimplb.app.runtime.StartException;
import io.scrimplb.membership.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The whole of it in one process: a load balancer that publishes itself in a seed file, and two backends that find it there,
 * join, and announce one application. Everything is on loopback.
 */
public final class Demo implements RunningRole {
    private static final int FIRST_PORT = 8080;
    private static final int LAST_PORT = 8099;
    private static final int ADMIN_PORT = 9494;
    private static final List<String> BACKENDS = List.of("backend-1", "backend-2");
    private static final Duration ROUTED_WITHIN = Duration.ofSeconds(20);
    private static final long LOOK_NANOS = 10_000_000;

    private final List<AutoCloseable> parts = new ArrayList<>();
    private final int port;
    private final Path directory;
    private String console = "";

    private Demo(int port, Path directory) {
        this.port = port;
        this.directory = directory;
    }

    /** Starts everything and says how to try it. */
    public static Demo start(PrintWriter out) throws StartException {
        try {
            Demo demo = new Demo(freePort(FIRST_PORT, LAST_PORT), Files.createTempDirectory("scrimp-demo"));
            try {
                demo.start();
            } catch (StartException | IOException | ConfigException | RuntimeException e) {
                demo.close();
                throw e;
            }
            demo.explain(out);
            return demo;
        } catch (IOException | ConfigException e) {
            throw new StartException(StartException.Kind.FAILED, "the demo cannot start: " + e.getMessage());
        }
    }

    private void start() throws StartException, IOException, ConfigException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        ObjectMapper json = new ObjectMapper();
        ObjectNode config = common(json, loopback);
        config.put("admin-address", loopback.getHostAddress() + ":" + freePort(ADMIN_PORT, ADMIN_PORT));
        config.putObject("load-balancer-config").put("balance", "round-robin");
        LoadBalancer loadBalancer = LoadBalancer.start(
                load(json, config, "lb", Role.LOAD_BALANCER), new ListenDefaults(loopback, port, TlsPolicy.HTTPS_PORT));
        parts.add(loadBalancer);
        if (!loadBalancer.listeners().containsKey(Integer.toString(port))) {
            throw new StartException(StartException.Kind.PORT, "port " + port + " was taken meanwhile: try again");
        }
        console = loadBalancer
                .adminAddress()
                .map(address -> "http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/")
                .orElse("");
        for (String name : BACKENDS) {
            DemoApplication application = DemoApplication.start(name);
            parts.add(application);
            ObjectNode backend = common(json, loopback);
            backend.put("admin-address", "off");
            backend.putObject("backend-config")
                    .putArray("applications")
                    .addObject()
                    .put("name", "hello")
                    .put("listen-port", port)
                    .put("application-port", application.port());
            parts.add(Backend.start(load(json, backend, name, Role.BACKEND)));
        }
        awaitRouted(loadBalancer);
    }

    /** So that the first request a person sends finds both backends. */
    private static void awaitRouted(LoadBalancer loadBalancer) throws StartException {
        long deadline = System.nanoTime() + ROUTED_WITHIN.toNanos();
        while (loadBalancer.status().registry().applications().stream()
                        .mapToInt(application -> application.endpoints().size())
                        .sum()
                < BACKENDS.size()) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                throw new StartException(
                        StartException.Kind.FAILED,
                        "the demo's backends were not routed within " + ROUTED_WITHIN.toSeconds() + " s");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private ObjectNode common(ObjectMapper json, InetAddress loopback) {
        ObjectNode config = json.createObjectNode();
        config.put("bind-address", loopback.getHostAddress());
        config.put("port", 0);
        config.put("cluster-name", "scrimp-demo");
        config.put("provider", "file");
        config.putObject("provider-config")
                .put("path", directory.resolve("seeds.json").toString());
        return config;
    }

    /** Through a file, as a user would: the demo shows the real way or it shows nothing. */
    private LoadedConfig load(ObjectMapper json, ObjectNode config, String name, Role role)
            throws IOException, ConfigException {
        Path file = directory.resolve(name + ".json");
        json.writeValue(file.toFile(), config);
        return new ConfigLoader(Map.of(), List.of())
                .load(new LoadRequest(Optional.of(file), Optional.of(role), Overrides.NONE));
    }

    private void explain(PrintWriter out) {
        String url = "http://127.0.0.1:" + port + "/";
        out.println();
        out.println("  Scrimp LB demo: one load balancer, two backends, nobody configured a route.");
        out.println();
        out.println("    URL      " + url);
        out.println("    try      for i in 1 2 3 4; do curl -s " + url + "; done");
        out.println("    admin    " + console);
        out.println();
        out.println("  Ctrl-C ends it.");
        out.println();
        out.flush();
    }

    /** Port of the load balancer. */
    public int port() {
        return port;
    }

    private static int freePort(int first, int last) throws IOException {
        for (int candidate = first; candidate <= last; candidate++) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate));
                return candidate;
            } catch (IOException taken) {
                // The next one may be free.
            }
        }
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    @Override
    public void reload() {}

    @Override
    public boolean drain() {
        return true;
    }

    @Override
    public void close() {
        // The backends leave before the load balancer does.
        for (int i = parts.size() - 1; i >= 0; i--) {
            try {
                parts.get(i).close();
            } catch (Exception e) {
                throw new IllegalStateException("the demo did not end cleanly", e);
            }
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // A leftover in the temporary directory harms nobody.
        }
    }
}
