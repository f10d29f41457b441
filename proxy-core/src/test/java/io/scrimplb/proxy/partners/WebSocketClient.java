package io.scrimplb.proxy.partners;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The JDK's WebSocket client with blocking, bounded waits. */
public final class WebSocketClient implements AutoCloseable {
    private static final int WAIT_SECONDS = 10;

    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private final WebSocket socket;

    private WebSocketClient(HttpClient client, InetSocketAddress address, String path) throws Exception {
        URI uri = URI.create("ws://localhost:" + address.getPort() + path);
        this.socket =
                client.newWebSocketBuilder().buildAsync(uri, new Listener()).get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    public static WebSocketClient connect(HttpClient client, InetSocketAddress address, String path) throws Exception {
        return new WebSocketClient(client, address, path);
    }

    /** Sends a text and waits for the next one. */
    public @Nullable String exchange(String text) throws Exception {
        socket.sendText(text, true).get(WAIT_SECONDS, TimeUnit.SECONDS);
        return texts.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    public byte @Nullable [] exchange(byte[] binary) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(binary), true).get(WAIT_SECONDS, TimeUnit.SECONDS);
        return binaries.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    public void send(String text) throws Exception {
        socket.sendText(text, true).get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Begins the close handshake. */
    public void sendClose(int code) throws Exception {
        socket.sendClose(code, "").get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    /** The code with which the other side closed, once it has. */
    public int closeCode() throws Exception {
        return closed.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether it has neither been closed nor failed. */
    public boolean open() {
        return !closed.isDone() && !failed.isDone();
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                texts.add(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            binary.writeBytes(bytes);
            if (last) {
                binaries.add(binary.toByteArray());
                binary.reset();
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            failed.complete(error);
        }
    }
}
