package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A small well-behaved HTTP/1.1 origin with keep-alive. Its handler may run on several threads at once. */
public final class HttpOrigin implements AutoCloseable {
    /** Answers one request. What it leaves of the body is read and dropped. */
    @FunctionalInterface
    public interface Handler {
        void handle(OriginExchange exchange) throws IOException;
    }

    private final Handler handler;
    private final SSLContext context;
    private final List<SSLSession> sessions = new CopyOnWriteArrayList<>();
    private final AcceptingSocket accepting;
    private final AtomicInteger requests = new AtomicInteger();

    private HttpOrigin(Handler handler, int bufferBytes) {
        this(handler, bufferBytes, null);
    }

    private HttpOrigin(Handler handler, int bufferBytes, SSLContext context) {
        this.handler = handler;
        this.context = context;
        this.accepting = AcceptingSocket.start("HttpOrigin", bufferBytes, this::serve);
    }

    public static HttpOrigin start(Handler handler) {
        return new HttpOrigin(handler, 0);
    }

    /** With small socket buffers, so that little fits between the proxy and this origin. */
    public static HttpOrigin startWithSmallBuffers(Handler handler) {
        return new HttpOrigin(handler, BodyBytes.SMALL_SOCKET_BUFFER);
    }

    /** Answers every request with its own name. */
    public static HttpOrigin named(String name) {
        return start(exchange -> exchange.send(200, name));
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

    /** Requests whose head came in. */
    public int requests() {
        return requests.get();
    }

    /** Closes all connections that are open now, whatever they are doing. */
    public void closeConnections() {
        accepting.closeConnections();
    }

    /** Speaks TLS. */
    public static HttpOrigin startSecure(SSLContext context, Handler handler) {
        return new HttpOrigin(handler, 0, context);
    }

    private Socket secured(Socket plain) throws IOException {
        if (context == null) {
            return plain;
        }
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        secure.setUseClientMode(false);
        secure.startHandshake();
        sessions.add(secure.getSession());
        return secure;
    }

    /** What was agreed on each connection. */
    public List<SSLSession> sessions() {
        return sessions;
    }

    private void serve(Socket plain, int connection) throws IOException {
        Socket socket = secured(plain);
        WireReader reader = new WireReader(socket.getInputStream());
        for (int number = 1; ; number++) {
            Optional<MessageHead> head = reader.head();
            if (head.isEmpty()) {
                return;
            }
            requests.incrementAndGet();
            MessageBody body = MessageBody.ofRequest(head.get(), reader);
            OriginExchange exchange = new OriginExchange(socket, head.get(), body, connection, number);
            handler.handle(exchange);
            if (exchange.closing() || head.get().lists("Connection", "close")) {
                return;
            }
            body.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    @Override
    public void close() {
        accepting.close();
    }
}
