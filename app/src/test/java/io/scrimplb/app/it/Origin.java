package io.scrimplb.app.it;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An application: a plain HTTP/1.1 server with a thread a connection. By itself it answers its name; a test hands in
 * something else.
 */
final class Origin implements AutoCloseable {
    /** Answers one request; the body, if any, is still to be read from the stream. */
    interface Application {
        void answer(Request request, InputStream in, OutputStream out) throws Exception;
    }

    record Request(String method, String target, Map<String, String> headers) {}

    private final ServerSocket server;
    private final Application application;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong requests = new AtomicLong();

    private Origin(ServerSocket server, Application application) {
        this.server = server;
        this.application = application;
    }

    /** Answers every request with its name. */
    static Origin named(String name) throws IOException {
        return of((request, in, out) -> reply(out, name));
    }

    static Origin of(Application application) throws IOException {
        return at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), application);
    }

    static Origin at(InetSocketAddress address, Application application) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(address, 512);
        Origin origin = new Origin(server, application);
        origin.daemon(origin::accept, "origin-" + server.getLocalPort());
        return origin;
    }

    /** One write, so that no delayed acknowledgement slows it down. */
    static void reply(OutputStream out, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + bytes.length + "\r\n\r\n";
        out.write((head + body).getBytes(StandardCharsets.UTF_8));
    }

    int port() {
        return server.getLocalPort();
    }

    /** Requests that came in so far. */
    long requests() {
        return requests.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.add(socket);
                daemon(() -> serve(socket), "origin-connection");
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            while (true) {
                String[] line = Exchange.line(in).split(" ", 3);
                Request request = new Request(line[0], line[1], Exchange.headers(in));
                requests.incrementAndGet();
                application.answer(request, in, socket.getOutputStream());
            }
        } catch (Exception ended) {
            // The proxy closes idle connections as it likes; what matters is asserted at the client.
        } finally {
            connections.remove(socket);
        }
    }

    private void daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : connections) {
            socket.close();
        }
    }
}
