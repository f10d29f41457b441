package io.scrimplb.proxy.partners;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Wants a PROXY header at the beginning of each connection, of either version, then serves what follows. */
public final class ToldOrigin implements AutoCloseable {
    /** Serves a connection of which the header has been read. */
    @FunctionalInterface
    public interface Service {
        /** @param told what the header said, such as {@code V1 192.0.2.7/5 to 198.51.100.1/443} */
        void serve(Socket socket, InputStream in, String told) throws IOException;
    }

    private final AcceptingSocket accepting;
    private final List<String> told = new CopyOnWriteArrayList<>();

    private ToldOrigin(Service service) {
        accepting = AcceptingSocket.start("ToldOrigin", (socket, number) -> {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            String said = header(in);
            told.add(said);
            service.serve(socket, in, said);
        });
    }

    public static ToldOrigin start(Service service) {
        return new ToldOrigin(service);
    }

    /** Sends back what it receives. */
    public static ToldOrigin echo() {
        return start((socket, in, said) -> {
            in.transferTo(socket.getOutputStream());
            socket.shutdownOutput();
        });
    }

    /** Answers every request with what the header of its connection said, and keeps the connection. */
    public static ToldOrigin http() {
        return start((socket, in, said) -> {
            WireReader reader = new WireReader(in);
            for (var head = reader.head(); head.isPresent(); head = reader.head()) {
                MessageBody.ofRequest(head.get(), reader).readAllBytes();
                String response = "HTTP/1.1 200 OK\r\nContent-Length: " + said.length() + "\r\n\r\n" + said;
                socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
            }
        });
    }

    /** What the header of each connection said, in turn. */
    public List<String> told() {
        return List.copyOf(told);
    }

    public InetSocketAddress address() {
        return accepting.address();
    }

    public int connections() {
        return accepting.accepted();
    }

    /** Connections that are open now. */
    public int open() {
        return accepting.open();
    }

    private static String header(DataInputStream in) throws IOException {
        int first = in.readUnsignedByte();
        return first == 'P' ? "V1 " + line(in) : "V2 " + block(in, first);
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder("P");
        while (line.indexOf("\r\n") < 0) {
            line.append((char) in.readUnsignedByte());
        }
        String[] words = line.substring(0, line.length() - 2).split(" ", -1);
        return words.length < 6
                ? words[1]
                : words[1] + " " + words[2] + "/" + words[4] + " to " + words[3] + "/" + words[5];
    }

    private static String block(DataInputStream in, int first) throws IOException {
        byte[] signature = new byte[12];
        signature[0] = (byte) first;
        in.readFully(signature, 1, 11);
        if (!new String(signature, StandardCharsets.ISO_8859_1).equals("\r\n\r\n\0\r\nQUIT\n")) {
            throw new IOException("no PROXY header");
        }
        int command = in.readUnsignedByte();
        int family = in.readUnsignedByte();
        byte[] rest = new byte[in.readUnsignedShort()];
        in.readFully(rest);
        int size = family == 0x11 ? 4 : family == 0x21 ? 16 : 0;
        if (command != 0x21 || size == 0) {
            return Integer.toHexString(command) + "/" + Integer.toHexString(family);
        }
        return (size == 4 ? "TCP4 " : "TCP6 ") + address(rest, 0, size) + "/" + port(rest, 2 * size) + " to "
                + address(rest, size, size) + "/" + port(rest, 2 * size + 2);
    }

    private static String address(byte[] bytes, int from, int size) throws IOException {
        return InetAddress.getByAddress(java.util.Arrays.copyOfRange(bytes, from, from + size))
                .getHostAddress();
    }

    private static int port(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    @Override
    public void close() {
        accepting.close();
    }
}
