package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One request at an {@link HttpOrigin} and the means to answer it. Used by the connection's thread alone. */
public final class OriginExchange {
    private final Socket socket;
    private final MessageHead head;
    private final MessageBody body;
    private final int connection;
    private final int number;
    private boolean closing;

    OriginExchange(Socket socket, MessageHead head, MessageBody body, int connection, int number) {
        this.socket = socket;
        this.head = head;
        this.body = body;
        this.connection = connection;
        this.number = number;
    }

    public MessageHead head() {
        return head;
    }

    public String method() {
        return head.method();
    }

    public String target() {
        return head.target();
    }

    public MessageBody body() {
        return body;
    }

    /** 1 for the origin's first connection. */
    public int connection() {
        return connection;
    }

    /** 1 for the first request of its connection. */
    public int number() {
        return number;
    }

    /** Answers with a length. */
    public void send(int status, String text, String... headerLines) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder response = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
        for (String line : headerLines) {
            response.append(line).append("\r\n");
        }
        response.append("Content-Length: ").append(bytes.length).append("\r\n\r\n");
        byte[] start = response.toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = new byte[start.length + (method().equals("HEAD") ? 0 : bytes.length)];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(bytes, 0, whole, start.length, whole.length - start.length);
        out().write(whole);
    }

    /** Sends these bytes as they are. */
    public void raw(String text) throws IOException {
        out().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    /** Closes the connection when the handler returns. */
    public void closeAfterwards() {
        closing = true;
    }

    /** Resets the connection now. */
    public void reset() throws IOException {
        closing = true;
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Waits for the other side to end the connection; false when it sent something instead. */
    public boolean connectionEnded() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    boolean closing() {
        return closing;
    }
}
