package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Lets a proxy speak HTTP/2 to an origin of HTTP/1.1, the counterpart of {@link H2Gateway}: each stream becomes a request of its
 * own. So what is written for origins of the one can be run for the other. A connection that ends in the middle becomes a
 * stream that is reset, and the other way round.
 */
public final class H2OriginGateway implements AutoCloseable {
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection");

    private final InetSocketAddress origin;
    private final H2Origin accepting;
    private final Deque<Way> idle = new ConcurrentLinkedDeque<>();

    private H2OriginGateway(InetSocketAddress origin) {
        this.origin = origin;
        this.accepting = H2Origin.startWithSmallBuffers(this::relay);
    }

    public static H2OriginGateway to(InetSocketAddress origin) {
        return new H2OriginGateway(origin);
    }

    public InetSocketAddress address() {
        return accepting.address();
    }

    @Override
    public void close() throws IOException {
        accepting.close();
        for (Way way = idle.poll(); way != null; way = idle.poll()) {
            way.socket.close();
        }
    }

    /** A connection to the origin. */
    private record Way(Socket socket, WireReader reader) {
        static Way to(InetSocketAddress address) throws IOException {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(BodyBytes.SMALL_SOCKET_BUFFER);
            socket.setSendBufferSize(BodyBytes.SMALL_SOCKET_BUFFER);
            socket.connect(address, 10_000);
            socket.setTcpNoDelay(true);
            return new Way(socket, new WireReader(socket.getInputStream()));
        }
    }

    private void relay(H2OriginExchange exchange) throws IOException {
        Way kept = idle.poll();
        Way way = kept == null ? Way.to(origin) : kept;
        exchange.onReset(() -> closeQuietly(way.socket));
        boolean whole = false;
        try {
            Thread request = sendRequest(exchange, way);
            whole = answer(exchange, way);
            request.join(whole ? 1_000 : 0);
            whole &= !request.isAlive();
        } catch (IOException | RuntimeException cut) {
            exchange.reset(H2Frame.INTERNAL_ERROR);
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            if (whole) {
                exchange.onReset(() -> {});
                idle.push(way);
            } else {
                way.socket.close();
            }
        }
    }

    private static Thread sendRequest(H2OriginExchange exchange, Way way) throws IOException {
        StringBuilder head = new StringBuilder(exchange.method() + " " + exchange.path() + " HTTP/1.1\r\n");
        head.append("Host: ").append(exchange.value(":authority")).append("\r\n");
        boolean length = false;
        for (String field : exchange.fields()) {
            if (!field.startsWith(":")) {
                head.append(field).append("\r\n");
                length |= field.startsWith("content-length: ");
            }
        }
        boolean chunked = !length && !exchange.bodiless();
        if (chunked) {
            head.append("Transfer-Encoding: chunked\r\n");
        }
        OutputStream out = way.socket.getOutputStream();
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        Thread body = new Thread(() -> sendBody(exchange, way, out, chunked), "H2OriginGateway body");
        body.setDaemon(true);
        body.start();
        return body;
    }

    private static void sendBody(H2OriginExchange exchange, Way way, OutputStream out, boolean chunked) {
        try {
            InputStream body = exchange.body();
            if (chunked) {
                ChunkedOutput chunks = new ChunkedOutput(out);
                body.transferTo(chunks);
                chunks.finish(exchange.trailers().toArray(String[]::new));
            } else {
                body.transferTo(out);
            }
        } catch (IOException reset) {
            closeQuietly(way.socket);
        }
    }

    /** @return whether the connection can take another request */
    private static boolean answer(H2OriginExchange exchange, Way way) throws IOException {
        MessageHead head = next(way);
        while (head.status() < 200) {
            exchange.headers(false, fields(head));
            head = next(way);
        }
        MessageBody body = MessageBody.ofResponse(exchange.method(), head, way.reader);
        if (body.framing() == MessageBody.Framing.NONE) {
            exchange.headers(true, fields(head));
            return !head.lists("Connection", "close");
        }
        exchange.headers(false, fields(head));
        byte[] part = new byte[16_384];
        for (int count = body.read(part); count >= 0; count = body.read(part)) {
            exchange.data(java.util.Arrays.copyOf(part, count), false);
        }
        if (body.trailers().isEmpty()) {
            exchange.data(new byte[0], true);
        } else {
            exchange.headers(
                    true, body.trailers().stream().map(H2OriginGateway::lower).toArray(String[]::new));
        }
        return body.framing() != MessageBody.Framing.UNTIL_CLOSE && !head.lists("Connection", "close");
    }

    private static MessageHead next(Way way) throws IOException {
        return way.reader.head().orElseThrow(() -> new IOException("closed without an answer"));
    }

    private static String[] fields(MessageHead head) {
        List<String> fields = new ArrayList<>(List.of(":status: " + head.status()));
        for (MessageHead.Field field : head.fields()) {
            if (!HOP_BY_HOP.contains(field.name().toLowerCase(Locale.ROOT))) {
                fields.add(lower(field.toString()));
            }
        }
        return fields.toArray(String[]::new);
    }

    private static String lower(String field) {
        int colon = field.indexOf(':');
        return field.substring(0, colon).toLowerCase(Locale.ROOT) + field.substring(colon);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // Nothing to be done about a socket that does not close.
        }
    }
}
