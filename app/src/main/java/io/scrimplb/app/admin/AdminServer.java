package io.scrimplb.app.admin;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The admin address of a load balancer or a backend. Thread-safe. */
public final class AdminServer implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int BACKLOG = 16;
    private static final long THREAD_IDLE_SECONDS = 30;
    /**
     * Bounds that the JDK's server takes from system properties only. They are read once in a process, when its first
     * instance is made, so whatever else uses that server, as the demo's applications do, shares them. A slow client
     * holds one of two threads, so it gets 10 s for its request and for taking the answer.
     */
    private static final Map<String, String> SERVER_LIMITS = Map.of(
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "10",
            "sun.net.httpserver.idleInterval", "10",
            "sun.net.httpserver.maxIdleConnections", "16",
            "sun.net.httpserver.maxReqHeaders", "50",
            "sun.net.httpserver.drainAmount", "65536",
            "jdk.httpserver.maxConnections", "64");

    private final HttpServer server;
    private final ExecutorService threads;

    private AdminServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Opens the admin address.
     *
     * @throws AdminException when it is not a loopback address and there is no token, or when it cannot be bound
     */
    public static AdminServer start(AdminSettings settings, AdminSources sources) throws AdminException {
        InetSocketAddress address = settings.address();
        InetAddress host = address.getAddress();
        String shown = address.getHostString() + ":" + address.getPort();
        if (host == null) {
            throw new AdminException(
                    AdminException.Reason.CONFIGURATION,
                    "admin-address " + shown + ": the name cannot be resolved; give an address of this machine, such as"
                            + " 127.0.0.1, or \"off\"");
        }
        String token = settings.token();
        if (token != null && token.isBlank()) {
            token = null;
        }
        if (!host.isLoopbackAddress() && token == null) {
            throw new AdminException(
                    AdminException.Reason.CONFIGURATION,
                    "admin-address " + shown + " can be reached from outside; set admin-token, or use 127.0.0.1");
        }
        SERVER_LIMITS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
        HttpServer server;
        try {
            server = HttpServer.create(address, BACKLOG);
        } catch (BindException e) {
            throw new AdminException(
                    AdminException.Reason.PORT,
                    "admin-address " + shown + " cannot be bound: " + e.getMessage()
                            + "; choose another one, or \"off\"");
        } catch (IOException e) {
            throw new AdminException(
                    AdminException.Reason.PORT, "admin-address " + shown + " cannot be opened: " + e.getMessage());
        }
        // The queue is bounded by the connections that the server lets in, each of which has one request at a time.
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, THREAD_IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "scrimp-admin");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        HostGuard guard = host.isLoopbackAddress() ? new HostGuard(address.getHostString()) : null;
        server.createContext("/", new AdminHandler(sources, token, guard));
        server.start();
        return new AdminServer(server, threads);
    }

    /** Where it is bound, with the port that the system chose. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Closes the address and all its connections. Idempotent. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
