package io.scrimplb.proxy.partners;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A client that sends exactly the bytes it is told and reads responses precisely. A read fails after ten seconds. */
public final class RawClient implements AutoCloseable {
    private static final int READ_TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final OutputStream out;
    private final WireReader reader;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.reader = new WireReader(socket.getInputStream());
    }

    public static RawClient connect(InetSocketAddress address) {
        return connect(address, 0);
    }

    /** Connects with a receive buffer of that size, so that little fits between the proxy and this client. */
    public static RawClient connect(InetSocketAddress address, int receiveBufferBytes) {
        try {
            Socket socket = new Socket();
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
                socket.setSendBufferSize(receiveBufferBytes);
            }
            socket.connect(address, READ_TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            return new RawClient(TlsAddresses.clientOf(socket, address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects by TLS, as the context has it. */
    public static RawClient connect(InetSocketAddress address, SSLContext context, UnaryOperator<SSLParameters> how)
            throws IOException {
        Socket plain = new Socket();
        plain.connect(address, READ_TIMEOUT_MILLIS);
        plain.setTcpNoDelay(true);
        plain.setSoTimeout(READ_TIMEOUT_MILLIS);
        SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(plain, address.getHostString(), address.getPort(), true);
        try {
            socket.setSSLParameters(how.apply(socket.getSSLParameters()));
            socket.startHandshake();
            return new RawClient(socket);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** What was agreed, by TLS. */
    public SSLSession session() {
        return ((SSLSocket) socket).getSession();
    }

    /** The application protocol that was agreed, by TLS; empty for none. */
    public String protocol() {
        return ((SSLSocket) socket).getApplicationProtocol();
    }

    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    /** Sends a head of these lines; CR LF and the empty line are added. */
    public RawClient head(String... lines) throws IOException {
        return send(String.join("\r\n", lines) + "\r\n\r\n");
    }

    /** Sends as much as the proxy still takes: a proxy that refused may have closed already. */
    public RawClient sendAsFarAsTaken(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException ignored) {
            // The response, if there is one, is what the test looks at.
        }
        return this;
    }

    /** Sends {@code GET target} for a host and reads the response. */
    public RawResponse get(String host, String target, String... headerLines) throws IOException {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String line : headerLines) {
            request.append(line).append("\r\n");
        }
        send(request.append("\r\n").toString());
        return response("GET");
    }

    /** The response to a GET or POST. */
    public RawResponse response() throws IOException {
        return response("GET");
    }

    /** The response to a request with that method, 1xx before it included. */
    public RawResponse response(String requestMethod) throws IOException {
        List<MessageHead> interim = new ArrayList<>();
        MessageHead head = responseHead();
        while (head.status() < 200 && head.status() != 101) {
            interim.add(head);
            head = responseHead();
        }
        MessageBody body = body(requestMethod, head);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        boolean complete = true;
        try {
            for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
                bytes.write(chunk, 0, count);
            }
        } catch (EOFException | SocketException cut) {
            complete = false;
        }
        return new RawResponse(
                List.copyOf(interim), head, body.framing(), bytes.toByteArray(), complete, body.trailers());
    }

    /** The next response head, 1xx included. */
    public MessageHead responseHead() throws IOException {
        return reader.head().orElseThrow(() -> new EOFException("closed without a response"));
    }

    /** The body that follows a head, as a stream. */
    public MessageBody body(String requestMethod, MessageHead head) {
        return MessageBody.ofResponse(requestMethod, head, reader);
    }

    public byte[] exactly(int length) throws IOException {
        return reader.exactly(length);
    }

    public String exactText(int length) throws IOException {
        return new String(reader.exactly(length), StandardCharsets.ISO_8859_1);
    }

    /** Everything until the proxy closes; a reset ends it too. */
    public String untilClosed() throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (int b = reader.read(); b >= 0; b = reader.read()) {
                text.append((char) b);
            }
        } catch (SocketException reset) {
            // What came before the reset is what the client saw.
        }
        return text.toString();
    }

    /** What comes until the proxy closes or has been silent for that long. */
    public String untilClosedOrSilentFor(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        StringBuilder text = new StringBuilder();
        try {
            for (int b = reader.read(); b >= 0; b = reader.read()) {
                text.append((char) b);
            }
        } catch (SocketTimeoutException | SocketException over) {
            // What came before is what the client saw.
        } finally {
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        }
        return text.toString();
    }

    /** Whether the proxy closes the connection within that time, without sending anything more. */
    public boolean closedWithin(Duration limit) throws IOException {
        socket.setSoTimeout((int) limit.toMillis());
        try {
            return reader.read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException reset) {
            return true;
        } finally {
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        }
    }

    /** Whether nothing at all comes for that long: neither a byte nor the end. */
    public boolean silentFor(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            reader.read();
            return false;
        } catch (SocketTimeoutException silent) {
            return true;
        } catch (SocketException reset) {
            return false;
        } finally {
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        }
    }

    /** Ends this client's direction; it can still read. */
    public RawClient halfClose() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Ends the connection with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    public OutputStream out() {
        return out;
    }

    public WireReader reader() {
        return reader;
    }

    public InetSocketAddress localAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
