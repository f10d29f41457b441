package io.scrimplb.proxy.partners;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Lets a client of HTTP/1.1 speak to a proxy by HTTP/2: each of its connections becomes one of HTTP/2, each of its requests a
 * stream. So the tests that are written for the one can be run for the other. A stream that is reset becomes a connection that
 * ends in the middle.
 */
public final class H2Gateway implements AutoCloseable {
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection", "host", "te");

    private final AcceptingSocket accepting;

    private H2Gateway(Supplier<Optional<InetSocketAddress>> proxy) {
        this.accepting = AcceptingSocket.start("H2Gateway", (socket, number) -> {
            Optional<InetSocketAddress> there = proxy.get();
            if (there.isPresent()) {
                try (H2Client h2 = H2Client.connect(there.get())) {
                    new Session(socket, h2).serve();
                } catch (UncheckedIOException e) {
                    // It went this moment.
                    throw e.getCause();
                }
            }
        });
    }

    /** @param proxy where it is now; empty once it is gone, while clients of the test may still be waiting to be accepted */
    public static H2Gateway to(Supplier<Optional<InetSocketAddress>> proxy) {
        return new H2Gateway(proxy);
    }

    public InetSocketAddress address() {
        return accepting.address();
    }

    @Override
    public void close() {
        accepting.close();
    }

    /** One connection. Its own thread reads the client and sends frames; another one reads frames and writes to the client. */
    private static final class Session {
        private final Socket socket;
        private final H2Client h2;
        private final OutputStream out;
        private final Object state = new Object();
        private long connectionWindow = 65_535;
        private long streamWindow;
        private long initialWindow = 65_535;
        private int stream;
        private MessageHead request;
        private boolean tunnel;
        private boolean responded;
        private boolean dead;

        Session(Socket socket, H2Client h2) throws IOException {
            this.socket = socket;
            this.h2 = h2;
            this.out = socket.getOutputStream();
        }

        void serve() throws IOException {
            Thread responses = new Thread(this::readFrames, "H2Gateway responses");
            responses.setDaemon(true);
            responses.start();
            WireReader reader = new WireReader(socket.getInputStream());
            for (Optional<MessageHead> head = reader.head(); head.isPresent(); head = reader.head()) {
                begin(head.get());
                boolean upgrade = isWebSocket(head.get());
                MessageBody body = MessageBody.ofRequest(head.get(), reader);
                boolean bodiless = !upgrade && body.framing() == MessageBody.Framing.NONE;
                h2.send(H2Frame.headers(stream, bodiless, block(head.get(), upgrade)));
                if (upgrade) {
                    awaitResponse();
                    if (tunnel) {
                        InputStream rest = new InputStream() {
                            @Override
                            public int read() throws IOException {
                                return reader.read();
                            }

                            @Override
                            public int read(byte[] target, int offset, int length) throws IOException {
                                return reader.read(target, offset, length);
                            }
                        };
                        pump(rest);
                        awaitResponse();
                        return;
                    }
                } else if (!bodiless) {
                    pump(body);
                }
                awaitResponse();
                if (head.get().lists("Connection", "close")) {
                    return;
                }
            }
        }

        private void begin(MessageHead head) {
            synchronized (state) {
                stream = h2.newStream();
                streamWindow = initialWindow;
                request = head;
                responded = false;
            }
        }

        private static boolean isWebSocket(MessageHead head) {
            return head.lists("Upgrade", "websocket") && head.lists("Connection", "upgrade");
        }

        private static byte[] block(MessageHead head, boolean upgrade) {
            List<byte[]> fields = new ArrayList<>();
            fields.add(Hpack.field(":method", upgrade ? "CONNECT" : head.method()));
            fields.add(Hpack.field(":scheme", "http"));
            fields.add(Hpack.field(":path", head.target()));
            fields.add(Hpack.field(":authority", head.value("Host")));
            if (upgrade) {
                fields.add(Hpack.field(":protocol", "websocket"));
            }
            if (head.lists("TE", "trailers")) {
                fields.add(Hpack.field("te", "trailers"));
            }
            for (MessageHead.Field field : head.fields()) {
                String name = field.name().toLowerCase(Locale.ROOT);
                if (!HOP_BY_HOP.contains(name)) {
                    fields.add(Hpack.field(name, field.value()));
                }
            }
            return Hpack.concat(fields.toArray(byte[][]::new));
        }

        /** Sends a body, as windows allow. */
        private void pump(InputStream body) throws IOException {
            byte[] chunk = new byte[16_384];
            for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
                int sent = 0;
                while (sent < count) {
                    int part = (int) Math.min(count - sent, awaitWindow());
                    if (part == 0) {
                        return;
                    }
                    byte[] bytes = new byte[part];
                    System.arraycopy(chunk, sent, bytes, 0, part);
                    h2.send(H2Frame.data(stream, false, bytes));
                    take(part);
                    sent += part;
                }
            }
            List<String> trailers = body instanceof MessageBody message ? message.trailers() : List.of();
            if (trailers.isEmpty()) {
                h2.send(H2Frame.data(stream, true));
            } else {
                String[] lower = trailers.stream()
                        .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT)
                                + line.substring(line.indexOf(':')))
                        .toArray(String[]::new);
                h2.send(H2Frame.headers(stream, true, Hpack.block(lower)));
            }
        }

        private void take(int bytes) {
            synchronized (state) {
                connectionWindow -= bytes;
                streamWindow -= bytes;
            }
        }

        /** What may be sent; 0 when nobody wants it any more. */
        private long awaitWindow() throws IOException {
            synchronized (state) {
                while (Math.min(connectionWindow, streamWindow) <= 0 && !dead && (!responded || tunnel)) {
                    pause();
                }
                return dead || (responded && !tunnel) ? 0 : Math.min(connectionWindow, streamWindow);
            }
        }

        private void awaitResponse() throws IOException {
            synchronized (state) {
                while (!responded && !dead) {
                    pause();
                }
            }
        }

        private void pause() throws IOException {
            try {
                state.wait();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        private void readFrames() {
            try {
                Answer answer = new Answer();
                while (true) {
                    answer.take(h2.patiently());
                }
            } catch (IOException | RuntimeException ended) {
                end();
            }
        }

        private void end() {
            synchronized (state) {
                dead = true;
                state.notifyAll();
            }
            try {
                socket.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Puts the frames of one response after the other into HTTP/1.1. */
        private final class Answer {
            private boolean begun;
            private boolean chunked;

            void take(H2Frame frame) throws IOException {
                switch (frame.type()) {
                    case H2Frame.SETTINGS ->
                        window(frame.setting(H2Frame.INITIAL_WINDOW_SIZE, initialWindow) - initialWindow, true, false);
                    case H2Frame.WINDOW_UPDATE -> {
                        if (frame.stream() == 0) {
                            window(frame.number(), false, true);
                        } else if (frame.stream() == stream) {
                            window(frame.number(), false, false);
                        }
                    }
                    case H2Frame.GOAWAY -> {
                        if (frame.errorCode() != H2Frame.NO_ERROR) {
                            throw new IOException("the connection ended: " + frame);
                        }
                    }
                    case H2Frame.RST_STREAM -> {
                        if (frame.errorCode() != H2Frame.NO_ERROR) {
                            throw new IOException("the stream was reset: " + frame);
                        }
                    }
                    case H2Frame.HEADERS -> headers(h2.fields(frame), frame.endsStream());
                    case H2Frame.DATA -> data(frame.payload(), frame.endsStream());
                    default -> {}
                }
            }

            private void window(long delta, boolean initial, boolean connection) {
                synchronized (state) {
                    if (connection) {
                        connectionWindow += delta;
                    } else {
                        streamWindow += delta;
                    }
                    if (initial) {
                        initialWindow += delta;
                    }
                    state.notifyAll();
                }
            }

            private void headers(List<String> fields, boolean last) throws IOException {
                if (begun) {
                    write(chunked ? "0\r\n" + String.join("\r\n", fields) + "\r\n\r\n" : "");
                    end();
                    return;
                }
                int status = Integer.parseInt(fields.get(0).substring(":status: ".length()));
                boolean opened = isWebSocket(request) && status == 200;
                StringBuilder head = new StringBuilder("HTTP/1.1 " + (opened ? 101 : status) + " Whatever\r\n");
                fields.subList(1, fields.size())
                        .forEach(field -> head.append(field).append("\r\n"));
                if (opened) {
                    head.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ")
                            .append(WebSocketOrigin.accept(request.value("Sec-WebSocket-Key")))
                            .append("\r\n");
                    begun = true;
                    tunnel = true;
                } else if (status >= 200) {
                    boolean length = fields.stream().anyMatch(field -> field.startsWith("content-length: "));
                    boolean never = request.method().equals("HEAD") || status == 204 || status == 304;
                    begun = true;
                    chunked = !length && !last && !never;
                    if (chunked) {
                        head.append("Transfer-Encoding: chunked\r\n");
                    } else if (!length && !never) {
                        head.append("Content-Length: 0\r\n");
                    }
                }
                write(head.append("\r\n").toString());
                if (opened) {
                    responded();
                }
                if (last) {
                    end();
                }
            }

            private void data(byte[] bytes, boolean last) throws IOException {
                if (bytes.length > 0) {
                    ByteArrayOutputStream part = new ByteArrayOutputStream();
                    if (chunked) {
                        part.writeBytes(
                                (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    }
                    part.writeBytes(bytes);
                    if (chunked) {
                        part.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                    out.write(part.toByteArray());
                }
                if (last) {
                    write(chunked ? "0\r\n\r\n" : "");
                    end();
                }
            }

            private void end() throws IOException {
                if (tunnel) {
                    throw new EOFException();
                }
                begun = false;
                chunked = false;
                responded();
            }

            private void responded() {
                synchronized (state) {
                    responded = true;
                    state.notifyAll();
                }
            }

            private void write(String text) throws IOException {
                if (socket.isClosed()) {
                    throw new SocketException("closed");
                }
                out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }
}
