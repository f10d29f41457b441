package io.scrimplb.app.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A tiny web application that says which one of several it is. */
final class DemoApplication implements AutoCloseable {
    private final String name;
    private final HttpServer server;
    private final ExecutorService threads;
    private final AtomicLong answered = new AtomicLong();

    private DemoApplication(String name, HttpServer server) {
        this.name = name;
        this.server = server;
        this.threads = Executors.newFixedThreadPool(4, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts it on a port of the system's choice, on loopback. */
    static DemoApplication start(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        DemoApplication application = new DemoApplication(name, server);
        server.setExecutor(application.threads);
        server.createContext("/", application::answer);
        server.start();
        return application;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            String text = "Hello from " + name + "! Answer " + answered.incrementAndGet() + ", request "
                    + exchange.getRequestHeaders().getFirst("X-Request-Id") + "\n";
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
