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
import java.util.Collections;
import java.util.List;

/**
 * An HTTP/2 client that sends exactly the frames it is told. It answers SETTINGS and PING by itself and, unless told otherwise,
 * gives windows back as it reads. A read fails after ten seconds. Frames are sent by any thread, and read by one.
 */
public final class H2Client implements AutoCloseable {
    private static final int READ_TIMEOUT_MILLIS = 10_000;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** A whole response; {@code reset} is the code of the RST_STREAM that ended it, or -1. */
    public record Response(
            List<List<String>> interim, List<String> head, byte[] body, List<String> trailers, int reset) {
        public int status() {
            return Integer.parseInt(value(":status"));
        }

        public String value(String name) {
            return head.stream()
                    .filter(field -> field.startsWith(name + ": "))
                    .map(field -> field.substring(name.length() + 2))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + name + " in " + head));
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private final Socket socket;
    private final OutputStream out;
    private final WireReader reader;
    private final Hpack hpack = new Hpack();
    private final List<H2Frame> unread = new ArrayList<>();
    private boolean givesWindows = true;
    private boolean answers = true;
    private int nextStream = 1;

    private H2Client(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.reader = new WireReader(socket.getInputStream());
    }

    /** Connects, and sends the preface with these SETTINGS. */
    public static H2Client connect(InetSocketAddress address, int... settings) {
        try {
            H2Client client = silent(address, 0);
            client.raw(PREFACE).send(H2Frame.settings(settings));
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects and sends nothing. */
    public static H2Client silent(InetSocketAddress address, int receiveBufferBytes) {
        try {
            Socket socket = new Socket();
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.connect(address, READ_TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            return new H2Client(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects with a small receive buffer, and sends the preface with these SETTINGS. */
    public static H2Client small(InetSocketAddress address, int... settings) throws IOException {
        return silent(address, BodyBytes.SMALL_SOCKET_BUFFER).raw(PREFACE).send(H2Frame.settings(settings));
    }

    /** Gives no windows back from now on. */
    public H2Client keepingWindows() {
        givesWindows = false;
        return this;
    }

    /** Answers neither SETTINGS nor PING from now on. */
    public H2Client answeringNothing() {
        answers = false;
        return this;
    }

    public H2Client preface() throws IOException {
        return raw(PREFACE);
    }

    public H2Client raw(byte... bytes) throws IOException {
        synchronized (out) {
            out.write(bytes);
        }
        return this;
    }

    /** Sends frames in one write. */
    public H2Client send(H2Frame... frames) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (H2Frame frame : frames) {
            all.writeBytes(frame.bytes());
        }
        return raw(all.toByteArray());
    }

    /** Sends frames as far as the proxy takes them: it may have closed already. */
    public boolean sendAsFarAsTaken(H2Frame... frames) {
        try {
            send(frames);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    /** The id of a stream not yet used. */
    public int newStream() {
        int id = nextStream;
        nextStream += 2;
        return id;
    }

    /** The fields of a request in clear text. */
    public static String[] request(String method, String authority, String path, String... more) {
        List<String> fields = new ArrayList<>(
                List.of(":method: " + method, ":scheme: http", ":authority: " + authority, ":path: " + path));
        Collections.addAll(fields, more);
        return fields.toArray(String[]::new);
    }

    /** Sends a GET and tells its stream. */
    public int get(String authority, String path, String... more) throws IOException {
        int id = newStream();
        send(H2Frame.headers(id, true, Hpack.block(request("GET", authority, path, more))));
        return id;
    }

    /** Begins a request with a body and tells its stream. */
    public int begin(String method, String authority, String path, String... more) throws IOException {
        int id = newStream();
        send(H2Frame.headers(id, false, Hpack.block(request(method, authority, path, more))));
        return id;
    }

    /** The next frame, those included that were read over before. */
    public H2Frame next() throws IOException {
        return unread.isEmpty() ? read() : unread.remove(0);
    }

    /** The next frame, however long it takes. */
    H2Frame patiently() throws IOException {
        socket.setSoTimeout(0);
        return next();
    }

    /** The next frame of a kind on a stream; others before it are kept. */
    public H2Frame next(int type, int stream) throws IOException {
        for (int i = 0; i < unread.size(); i++) {
            if (unread.get(i).is(type) && unread.get(i).stream() == stream) {
                return unread.remove(i);
            }
        }
        while (true) {
            H2Frame frame = read();
            if (frame.is(type) && frame.stream() == stream) {
                return frame;
            }
            unread.add(frame);
        }
    }

    private H2Frame read() throws IOException {
        byte[] header = reader.exactly(9);
        int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | header[2] & 0xff;
        int stream = (header[5] & 0x7f) << 24 | (header[6] & 0xff) << 16 | (header[7] & 0xff) << 8 | header[8] & 0xff;
        H2Frame frame = new H2Frame(header[3], header[4] & 0xff, stream, reader.exactly(length));
        boolean ack = (frame.flags() & H2Frame.ACK) != 0;
        if (answers && frame.is(H2Frame.SETTINGS) && !ack) {
            sendAsFarAsTaken(H2Frame.of(H2Frame.SETTINGS, H2Frame.ACK, 0));
        } else if (answers && frame.is(H2Frame.PING) && !ack) {
            sendAsFarAsTaken(H2Frame.of(H2Frame.PING, H2Frame.ACK, 0, frame.payload()));
        } else if (givesWindows && frame.is(H2Frame.DATA) && length > 0) {
            sendAsFarAsTaken(H2Frame.windowUpdate(0, length), H2Frame.windowUpdate(frame.stream(), length));
        }
        return frame;
    }

    /** The response on a stream, to its end or its reset. */
    public Response response(int stream) throws IOException {
        List<List<String>> interim = new ArrayList<>();
        List<String> head = null;
        List<String> trailers = List.of();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            H2Frame frame = nextOf(stream);
            switch (frame.type()) {
                case H2Frame.HEADERS -> {
                    List<String> fields = fields(frame);
                    if (head != null) {
                        trailers = fields;
                    } else if (fields.get(0).startsWith(":status: 1")) {
                        interim.add(fields);
                    } else {
                        head = fields;
                    }
                }
                case H2Frame.DATA -> body.writeBytes(frame.payload());
                case H2Frame.RST_STREAM -> {
                    return new Response(
                            interim, head == null ? List.of() : head, body.toByteArray(), trailers, frame.errorCode());
                }
                case H2Frame.GOAWAY -> {
                    if (frame.errorCode() != H2Frame.NO_ERROR) {
                        throw new IOException("the connection ended: " + frame);
                    }
                    continue;
                }
                default -> {}
            }
            if (frame.endsStream()) {
                if (head == null) {
                    throw new IOException("a stream without a head");
                }
                return new Response(interim, head, body.toByteArray(), trailers, -1);
            }
        }
    }

    /** The fields of a HEADERS frame, what follows in CONTINUATION frames included. */
    public List<String> fields(H2Frame headers) throws IOException {
        byte[] block = headers.payload();
        H2Frame last = headers;
        while ((last.flags() & H2Frame.END_HEADERS) == 0) {
            last = next(H2Frame.CONTINUATION, headers.stream());
            block = Hpack.concat(block, last.payload());
        }
        return hpack.decode(block);
    }

    /** The next frame that concerns a stream or ends the connection; others are kept. */
    public H2Frame nextOf(int stream) throws IOException {
        for (int i = 0; i < unread.size(); i++) {
            if (unread.get(i).stream() == stream || unread.get(i).is(H2Frame.GOAWAY)) {
                return unread.remove(i);
            }
        }
        while (true) {
            H2Frame frame = read();
            if (frame.stream() == stream || frame.is(H2Frame.GOAWAY)) {
                return frame;
            }
            if (!frame.is(H2Frame.SETTINGS) && !frame.is(H2Frame.WINDOW_UPDATE)) {
                unread.add(frame);
            }
        }
    }

    public Response fetch(String authority, String path, String... more) throws IOException {
        return response(get(authority, path, more));
    }

    /** The code of the GOAWAY with which the proxy ends the connection, after which it closes; -1 when it just closes. */
    public int ended() throws IOException {
        int code = -1;
        try {
            while (true) {
                H2Frame frame = next();
                if (frame.is(H2Frame.GOAWAY)) {
                    code = frame.errorCode();
                }
            }
        } catch (EOFException | SocketException closed) {
            return code;
        }
    }

    /** Proves by a PING that the connection still serves; what comes before the answer is kept. */
    public H2Client stillServes() throws IOException {
        send(H2Frame.ping(0x5ca1ab1e));
        H2Frame answer = next(H2Frame.PING, 0);
        if ((answer.flags() & H2Frame.ACK) == 0) {
            throw new IOException("not an answer: " + answer);
        }
        return this;
    }

    /** Whether nothing but what is answered by itself comes for that long. */
    public boolean silentFor(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            unread.add(read());
            return false;
        } catch (SocketTimeoutException silent) {
            return true;
        } finally {
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        }
    }

    /** Ends the connection with a reset. */
    public void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
