package io.scrimplb.app.acme;

import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Begins each answer and never ends it, as when a translation of addresses forgets a connection. */
final class SilentAuthority implements Closeable {
    private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final List<Socket> calls = new CopyOnWriteArrayList<>();

    SilentAuthority() throws IOException {
        Thread answering = new Thread(this::answer);
        answering.setDaemon(true);
        answering.start();
    }

    URI directory() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/directory");
    }

    private void answer() {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
        try {
            while (true) {
                Socket call = server.accept();
                call.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                calls.add(call);
            }
        } catch (IOException e) {
            // The end of the test.
            return;
        }
    }

    void awaitCalls(int number) {
        await().atMost(Duration.ofSeconds(30)).until(() -> calls.size() >= number);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket call : calls) {
            call.close();
        }
    }
}
