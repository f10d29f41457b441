package io.scrimplb.proxy.partners;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Speaks RFC 6455 for real: answers the handshake, echoes frames as they come, answers a ping and a close. The text
 * {@code close me} makes it begin the close with code 4000. A request that is no handshake gets 426.
 */
public final class WebSocketOrigin implements AutoCloseable {
    private static final String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final List<MessageHead> handshakes = new CopyOnWriteArrayList<>();
    private final AcceptingSocket accepting = AcceptingSocket.start("WebSocketOrigin", this::serve);

    public InetSocketAddress address() {
        return accepting.address();
    }

    public int open() {
        return accepting.open();
    }

    /** The heads of all handshakes, as they came. */
    public List<MessageHead> handshakes() {
        return List.copyOf(handshakes);
    }

    private void serve(Socket socket, int connection) throws IOException {
        WireReader reader = new WireReader(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        for (Optional<MessageHead> head = reader.head(); head.isPresent(); head = reader.head()) {
            if (head.get().lists("Upgrade", "websocket") && head.get().lists("Connection", "upgrade")) {
                handshakes.add(head.get());
                String response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + accept(head.get().value("Sec-WebSocket-Key")) + "\r\n\r\n";
                out.write(response.getBytes(StandardCharsets.ISO_8859_1));
                echoFrames(reader, out);
                return;
            }
            String response = "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n";
            out.write(response.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static void echoFrames(WireReader reader, OutputStream out) throws IOException {
        boolean closeSent = false;
        while (true) {
            int first = reader.read();
            if (first < 0) {
                return;
            }
            int opcode = first & 0x0f;
            byte[] payload = payload(reader);
            if (opcode == CLOSE) {
                if (!closeSent) {
                    out.write(frame(first, payload));
                }
                return;
            }
            if (new String(payload, StandardCharsets.UTF_8).equals("close me")) {
                closeSent = true;
                out.write(frame(0x80 | CLOSE, new byte[] {(byte) (4000 >> 8), (byte) (4000 & 0xff)}));
            } else {
                out.write(frame(opcode == PING ? 0x80 | PONG : first, payload));
            }
        }
    }

    private static byte[] payload(WireReader reader) throws IOException {
        int second = reader.read();
        long length = second & 0x7f;
        if (length == 126) {
            length = number(reader.exactly(2));
        } else if (length == 127) {
            length = number(reader.exactly(8));
        }
        byte[] mask = (second & 0x80) == 0 ? new byte[4] : reader.exactly(4);
        byte[] payload = reader.exactly((int) length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return payload;
    }

    private static long number(byte[] bytes) {
        long number = 0;
        for (byte b : bytes) {
            number = number << 8 | b & 0xff;
        }
        return number;
    }

    private static byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length < 126) {
            frame.write(payload.length);
        } else if (payload.length < 65_536) {
            frame.write(126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        } else {
            frame.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >> shift));
            }
        }
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** The answer to a key (RFC 6455, 4.2.2). */
    public static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        accepting.close();
    }
}
