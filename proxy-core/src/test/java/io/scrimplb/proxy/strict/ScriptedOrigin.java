package io.scrimplb.proxy.strict;

import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.partners.AcceptingSocket;
import io.scrimplb.proxy.partners.MessageBody;
import io.scrimplb.proxy.partners.MessageHead;
import io.scrimplb.proxy.partners.RecordedInput;
import io.scrimplb.proxy.partners.WireReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An origin that keeps every byte of one case and answers as its script says. Between two cases all its connections are
 * ended, so that each case has connections of its own.
 */
final class ScriptedOrigin implements AutoCloseable {
    /** The target of the request that is answered whatever the script says. */
    static final String CANARY = "/canary";

    static final String CANARY_ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ncanary";

    private static final Duration SOON = Duration.ofSeconds(10);

    /** One connection of the case in hand. */
    private static final class Connection {
        private final Socket socket;
        private final RecordedInput input;
        private volatile int heads;
        private volatile boolean servedCanary;

        private Connection(Socket socket, RecordedInput input) {
            this.socket = socket;
            this.input = input;
        }
    }

    private final AtomicLong received = new AtomicLong();
    private final List<Connection> connections = new ArrayList<>();
    private volatile Script script = Script.OK;
    private volatile CountDownLatch seen = new CountDownLatch(0);
    private final AcceptingSocket accepting = AcceptingSocket.start("ScriptedOrigin", this::serve);

    InetSocketAddress address() {
        return accepting.address();
    }

    /** Begins a case: what was recorded is forgotten. */
    void begin(Script next) {
        settle();
        script = next;
        seen = new CountDownLatch(1);
        synchronized (connections) {
            connections.clear();
        }
    }

    /** The client has seen what it is to see before the origin's connection ends. */
    void clientHasSeen() {
        seen.countDown();
    }

    /** Waits until the head of a request has come. */
    void awaitHead() {
        await().atMost(SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    synchronized (connections) {
                        return connections.stream().anyMatch(connection -> connection.heads > 0);
                    }
                });
    }

    /** Ends all connections and waits until the proxy has ended them too: from then on nothing more can arrive. */
    void settle() {
        clientHasSeen();
        synchronized (connections) {
            for (Connection connection : connections) {
                try {
                    connection.socket.shutdownOutput();
                } catch (IOException ended) {
                    // Closed already.
                }
            }
        }
        awaitAllEnded();
    }

    /** The bytes of each connection, in the order in which they were made. */
    List<String> recorded() {
        synchronized (connections) {
            return connections.stream()
                    .map(connection -> connection.input.text())
                    .toList();
        }
    }

    /** Index of the connection on which the canary came, or -1. */
    int canaryConnection() {
        synchronized (connections) {
            for (int i = 0; i < connections.size(); i++) {
                if (connections.get(i).servedCanary) {
                    return i;
                }
            }
            return -1;
        }
    }

    /** Sends bytes that nobody asked for on the only connection, and waits until the proxy has ended it. */
    void sendUnasked(String bytes) throws IOException {
        Connection only;
        synchronized (connections) {
            only = connections.get(0);
        }
        send(only.socket, bytes);
        awaitAllEnded();
    }

    /** Waits until the proxy has ended all connections. */
    void awaitAllEnded() {
        await("the proxy to end its connections")
                .atMost(SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> accepting.open() == 0);
    }

    private void serve(Socket socket, int number) throws IOException {
        Connection connection = new Connection(socket, new RecordedInput(socket.getInputStream(), received));
        synchronized (connections) {
            connections.add(connection);
        }
        WireReader reader = new WireReader(connection.input);
        while (true) {
            Optional<MessageHead> head = reader.head();
            if (head.isEmpty()) {
                return;
            }
            connection.heads++;
            if (head.get().target().equals(CANARY)) {
                connection.servedCanary = true;
                send(socket, CANARY_ANSWER);
                continue;
            }
            Script now = script;
            send(socket, now.beforeBody());
            MessageBody.ofRequest(head.get(), reader).readAllBytes();
            send(socket, now.answer());
            if (now.ending() == Script.Ending.CLOSE) {
                socket.shutdownOutput();
                reader.rest();
                return;
            }
            if (now.ending() == Script.Ending.RESET) {
                reset(socket);
                return;
            }
        }
    }

    private void reset(Socket socket) throws IOException {
        try {
            seen.await(SOON.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void send(Socket socket, String text) throws IOException {
        if (!text.isEmpty()) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @Override
    public void close() {
        accepting.close();
    }
}
