package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * An HTTP/2 origin with prior knowledge, made of frames. It answers SETTINGS and PING by itself and gives the connection's window
 * back as data comes; a stream's when its handler reads. Its handler runs on a thread of its own for each stream.
 */
public final class H2Origin implements AutoCloseable {
    /** Answers one request. */
    @FunctionalInterface
    public interface Handler {
        void handle(H2OriginExchange exchange) throws IOException;
    }

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Handler handler;
    private final int[] settings;
    private final AcceptingSocket accepting;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger mostStreams = new AtomicInteger();
    private final List<H2Frame> resets = new CopyOnWriteArrayList<>();
    private final List<H2Frame> goodbyes = new CopyOnWriteArrayList<>();
    private final AtomicInteger pings = new AtomicInteger();
    private final boolean told;
    private volatile boolean answersPings = true;
    private volatile Runnable greeting = () -> {};
    private volatile SSLContext context;

    private H2Origin(Handler handler, int bufferBytes, boolean told, int... settings) {
        this.handler = handler;
        this.settings = settings;
        this.told = told;
        this.accepting = AcceptingSocket.start("H2Origin", bufferBytes, this::serve);
    }

    public static H2Origin start(Handler handler) {
        return new H2Origin(handler, 0, false);
    }

    /** Says these SETTINGS; see {@link H2Frame#settings}. */
    public static H2Origin with(int[] settings, Handler handler) {
        return new H2Origin(handler, 0, false, settings);
    }

    /** With small socket buffers, so that little fits between the proxy and this origin. */
    public static H2Origin startWithSmallBuffers(Handler handler) {
        return new H2Origin(handler, BodyBytes.SMALL_SOCKET_BUFFER, false);
    }

    /** Whose connections begin with a line of the PROXY protocol; see {@link H2OriginExchange#proxyLine}. */
    public static H2Origin told(Handler handler) {
        return new H2Origin(handler, 0, true);
    }

    /** Speaks by TLS from now on, and agrees to HTTP/2 (ALPN). */
    public H2Origin secured(SSLContext by) {
        context = by;
        return this;
    }

    /** Does something from now on when a preface came, before it says its SETTINGS. */
    public H2Origin greeting(Runnable before) {
        greeting = before;
        return this;
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

    /** Streams that were open at the same time on one connection, at most. */
    public int mostStreams() {
        return mostStreams.get();
    }

    /** RST_STREAM frames that came. */
    public List<H2Frame> resets() {
        return resets;
    }

    /** GOAWAY frames that came. */
    public List<H2Frame> goodbyes() {
        return goodbyes;
    }

    public int pings() {
        return pings.get();
    }

    public void closeConnections() {
        accepting.closeConnections();
    }

    private Socket secured(Socket plain) throws IOException {
        SSLContext by = context;
        if (by == null) {
            return plain;
        }
        SSLSocket secure = (SSLSocket) by.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        secure.setUseClientMode(false);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private void serve(Socket plain, int number) throws IOException {
        Socket socket = secured(plain);
        Connection connection = new Connection(socket, number);
        try {
            connection.serve();
        } finally {
            connection.end();
        }
    }

    @Override
    public void close() {
        accepting.close();
    }

    /** One connection: reads frames, and hands them to the streams. */
    final class Connection {
        private final Socket socket;
        private final int number;
        private final OutputStream out;
        private final WireReader reader;
        private final Hpack hpack = new Hpack();
        private final Map<Integer, H2OriginExchange> streams = new ConcurrentHashMap<>();
        private final Object windows = new Object();
        private long window = 65_535;
        private long initialWindow = 65_535;
        private int served;
        private String proxyLine = "";

        Connection(Socket socket, int number) throws IOException {
            this.socket = socket;
            this.number = number;
            this.out = socket.getOutputStream();
            this.reader = new WireReader(socket.getInputStream());
        }

        int number() {
            return number;
        }

        Socket socket() {
            return socket;
        }

        void send(H2Frame... frames) throws IOException {
            synchronized (out) {
                for (H2Frame frame : frames) {
                    out.write(frame.bytes());
                }
            }
        }

        String proxyLine() {
            return proxyLine;
        }

        void serve() throws IOException {
            if (told) {
                proxyLine = reader.line();
            }
            String preface = new String(reader.exactly(PREFACE.length), StandardCharsets.US_ASCII);
            if (!preface.equals(new String(PREFACE, StandardCharsets.US_ASCII))) {
                throw new IOException("not a preface: " + preface);
            }
            greeting.run();
            send(H2Frame.settings(settings));
            while (true) {
                take(read());
            }
        }

        private H2Frame read() throws IOException {
            byte[] header = reader.exactly(9);
            int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | header[2] & 0xff;
            int stream =
                    (header[5] & 0x7f) << 24 | (header[6] & 0xff) << 16 | (header[7] & 0xff) << 8 | header[8] & 0xff;
            return new H2Frame(header[3], header[4] & 0xff, stream, reader.exactly(length));
        }

        private void take(H2Frame frame) throws IOException {
            H2OriginExchange stream = streams.get(frame.stream());
            boolean ack = (frame.flags() & H2Frame.ACK) != 0;
            switch (frame.type()) {
                case H2Frame.SETTINGS -> {
                    if (!ack) {
                        settings(frame);
                        send(H2Frame.of(H2Frame.SETTINGS, H2Frame.ACK, 0));
                    }
                }
                case H2Frame.PING -> {
                    pings.incrementAndGet();
                    if (!ack && answersPings) {
                        send(H2Frame.of(H2Frame.PING, H2Frame.ACK, 0, frame.payload()));
                    }
                }
                case H2Frame.WINDOW_UPDATE -> widen(stream, frame);
                case H2Frame.HEADERS -> headers(stream, frame);
                case H2Frame.DATA -> {
                    if (frame.payload().length > 0) {
                        send(H2Frame.windowUpdate(0, frame.payload().length));
                    }
                    if (stream != null) {
                        stream.data(frame);
                    }
                }
                case H2Frame.RST_STREAM -> {
                    resets.add(frame);
                    if (stream != null) {
                        stream.resetByPeer(frame.errorCode());
                    }
                }
                case H2Frame.GOAWAY -> goodbyes.add(frame);
                default -> {}
            }
        }

        private void headers(H2OriginExchange known, H2Frame frame) throws IOException {
            byte[] block = frame.payload();
            H2Frame last = frame;
            while ((last.flags() & H2Frame.END_HEADERS) == 0) {
                last = read();
                block = Hpack.concat(block, last.payload());
            }
            List<String> fields = hpack.decode(block);
            if (known != null) {
                known.trailers(fields);
                return;
            }
            requests.incrementAndGet();
            H2OriginExchange made;
            synchronized (windows) {
                made = new H2OriginExchange(this, frame.stream(), ++served, fields, initialWindow);
            }
            streams.put(frame.stream(), made);
            int open = (int)
                    streams.values().stream().filter(H2OriginExchange::isOpen).count();
            mostStreams.accumulateAndGet(open, Math::max);
            if (frame.endsStream()) {
                made.endsWithHead();
            }
            Thread thread = new Thread(() -> handle(made), "H2Origin stream " + frame.stream());
            thread.setDaemon(true);
            thread.start();
        }

        private void handle(H2OriginExchange exchange) {
            try {
                handler.handle(exchange);
            } catch (IOException ended) {
                // The other side went away or the test is over; the test looks at what was recorded.
            }
        }

        private void settings(H2Frame frame) {
            synchronized (windows) {
                long now = frame.setting(H2Frame.INITIAL_WINDOW_SIZE, initialWindow);
                streams.values().forEach(stream -> stream.window += now - initialWindow);
                initialWindow = now;
                windows.notifyAll();
            }
        }

        private void widen(H2OriginExchange stream, H2Frame frame) {
            synchronized (windows) {
                if (frame.stream() == 0) {
                    window += frame.number();
                } else if (stream != null) {
                    stream.window += frame.number();
                }
                windows.notifyAll();
            }
        }

        /** Takes as much as a stream may send, waiting until that is something. */
        int takeWindow(H2OriginExchange stream, int wanted) throws IOException {
            synchronized (windows) {
                while (Math.min(window, stream.window) <= 0) {
                    if (!stream.isAlive()) {
                        throw new IOException("the stream is over");
                    }
                    try {
                        windows.wait();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                int taken = (int) Math.min(wanted, Math.min(window, stream.window));
                window -= taken;
                stream.window -= taken;
                return taken;
            }
        }

        void wake() {
            synchronized (windows) {
                windows.notifyAll();
            }
        }

        /** Answers no PING from now on. */
        void goSilent() {
            answersPings = false;
        }

        private void end() {
            streams.values().forEach(stream -> stream.resetByPeer(H2OriginExchange.CONNECTION_ENDED));
        }
    }
}
