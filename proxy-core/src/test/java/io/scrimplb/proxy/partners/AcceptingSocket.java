package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A listening socket on loopback that runs a handler on a thread of its own for each connection. */
public final class AcceptingSocket implements AutoCloseable {
    /** What is done with one accepted connection; it is closed afterwards. */
    @FunctionalInterface
    public interface ConnectionHandler {
        /**
         * @param socket the connection
         * @param number 1 for the first connection, and so on
         */
        void handle(Socket socket, int number) throws IOException;
    }

    private static final int BACKLOG = 1024;
    private static final int READ_TIMEOUT_MILLIS = 60_000;

    private final ServerSocket server;
    private final ConnectionHandler handler;
    private final int bufferBytes;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    private AcceptingSocket(ServerSocket server, int bufferBytes, ConnectionHandler handler) {
        this.server = server;
        this.bufferBytes = bufferBytes;
        this.handler = handler;
    }

    public static AcceptingSocket start(String name, ConnectionHandler handler) {
        return start(name, 0, handler);
    }

    /** Starts with socket buffers of that size for each connection, 0 for the system's choice. */
    public static AcceptingSocket start(String name, int bufferBytes, ConnectionHandler handler) {
        try {
            ServerSocket server = new ServerSocket();
            if (bufferBytes > 0) {
                server.setReceiveBufferSize(bufferBytes);
            }
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            AcceptingSocket accepting = new AcceptingSocket(server, bufferBytes, handler);
            daemon(name + " accept", accepting::acceptLoop);
            return accepting;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    /** Connections accepted so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Connections that are open now, as far as this side knows. */
    public int open() {
        return open.size();
    }

    /** Closes the connections that are open now, and goes on accepting. */
    public void closeConnections() {
        open.forEach(AcceptingSocket::closeQuietly);
    }

    private void acceptLoop() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                if (bufferBytes > 0) {
                    socket.setSendBufferSize(bufferBytes);
                }
                socket.setSoTimeout(READ_TIMEOUT_MILLIS);
                open.add(socket);
                int number = accepted.incrementAndGet();
                daemon("connection " + number + " of " + server.getLocalPort(), () -> serve(socket, number));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            handler.handle(socket, number);
        } catch (IOException ended) {
            // The other side went away or the test is over; the test looks at what was recorded.
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException ignored) {
            // Nothing to be done about a socket that does not close.
        }
        closeConnections();
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // As above.
        }
    }
}
