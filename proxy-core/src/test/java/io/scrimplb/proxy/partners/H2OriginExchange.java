package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One request at an {@link H2Origin} and the means to answer it. Used by the stream's thread alone, unless it says otherwise. */
public final class H2OriginExchange {
    /** Stands for the code of a RST_STREAM where the whole connection ended. */
    public static final int CONNECTION_ENDED = -1;

    private static final int MAX_DATA = 16_384;

    private final H2Origin.Connection connection;
    private final int stream;
    private final int number;
    private final List<String> fields;
    private final Deque<byte[]> received = new ArrayDeque<>();
    private final CountDownLatch reset = new CountDownLatch(1);
    private volatile int resetCode = Integer.MIN_VALUE;
    private volatile boolean answered;
    private boolean requestEnded;
    private boolean bodiless;
    private Runnable onReset = () -> {};
    private List<String> trailers = List.of();

    /** Guarded by the connection's windows. */
    long window;

    H2OriginExchange(H2Origin.Connection connection, int stream, int number, List<String> fields, long window) {
        this.connection = connection;
        this.stream = stream;
        this.number = number;
        this.fields = fields;
        this.window = window;
    }

    // ---- what came

    /** All fields as {@code name: value}, pseudo-header fields first. */
    public List<String> fields() {
        return fields;
    }

    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.startsWith(name + ": "))
                .map(field -> field.substring(name.length() + 2))
                .toList();
    }

    /** The value of a field that must be there. */
    public String value(String name) {
        return all(name).stream().findFirst().orElseThrow(() -> new AssertionError("no " + name + " in " + fields));
    }

    public String method() {
        return value(":method");
    }

    public String path() {
        return value(":path");
    }

    public int stream() {
        return stream;
    }

    /** 1 for the origin's first connection. */
    public int connection() {
        return connection.number();
    }

    /** 1 for the first request of its connection. */
    public int number() {
        return number;
    }

    /** What the connection began with, of an origin that is told. */
    public String proxyLine() {
        return connection.proxyLine();
    }

    /** The request's data; windows are given back as it is read. */
    public InputStream body() {
        return new InputStream() {
            private byte[] part = new byte[0];
            private int at;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                if (at == part.length) {
                    byte[] next = await();
                    if (next == null) {
                        return -1;
                    }
                    part = next;
                    at = 0;
                    connection.send(H2Frame.windowUpdate(stream, next.length));
                }
                int count = Math.min(length, part.length - at);
                System.arraycopy(part, at, into, offset, count);
                at += count;
                return count;
            }
        };
    }

    private byte[] await() throws IOException {
        synchronized (received) {
            while (received.isEmpty() && !requestEnded) {
                if (resetCode != Integer.MIN_VALUE) {
                    throw new IOException("the stream was reset");
                }
                try {
                    received.wait();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            return received.poll();
        }
    }

    /** Whether the request ended with its head. */
    public boolean bodiless() {
        return bodiless;
    }

    /** Has something done when the other side resets the stream, or at once if it did. */
    public void onReset(Runnable action) {
        synchronized (received) {
            onReset = action;
            if (isAlive()) {
                return;
            }
        }
        action.run();
    }

    /** Of the request, once its body was read. */
    public List<String> trailers() {
        synchronized (received) {
            return trailers;
        }
    }

    /** The code with which the stream was reset, or {@link #CONNECTION_ENDED}; fails after ten seconds. */
    public int awaitReset() throws IOException {
        try {
            if (!reset.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the stream was not reset");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return resetCode;
    }

    // ---- the answer

    /** Answers with a length. */
    public void send(int status, String text, String... more) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] length = Hpack.field("content-length", String.valueOf(bytes.length));
        boolean bodiless = method().equals("HEAD") || bytes.length == 0;
        byte[] block = Hpack.concat(Hpack.block(":status: " + status), Hpack.block(more), length);
        answered |= bodiless;
        connection.send(H2Frame.headers(stream, bodiless, block));
        if (!bodiless) {
            data(bytes, true);
        }
    }

    /** A HEADERS frame of these fields. */
    public void headers(boolean last, String... more) throws IOException {
        answered |= last;
        connection.send(H2Frame.headers(stream, last, Hpack.block(more)));
    }

    /** DATA frames, as windows allow. */
    public void data(byte[] bytes, boolean last) throws IOException {
        int at = 0;
        do {
            int wanted = Math.min(MAX_DATA, bytes.length - at);
            int count = wanted == 0 ? 0 : connection.takeWindow(this, wanted);
            byte[] part = ByteBuffer.allocate(count).put(bytes, at, count).array();
            at += count;
            boolean end = last && at == bytes.length;
            answered |= end;
            connection.send(H2Frame.data(stream, end, part));
        } while (at < bytes.length);
    }

    public void data(String text, boolean last) throws IOException {
        data(text.getBytes(StandardCharsets.ISO_8859_1), last);
    }

    /** What is written goes out as data, as windows allow. */
    public OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                data(new byte[] {(byte) b}, false);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                data(ByteBuffer.allocate(length).put(bytes, offset, length).array(), false);
            }
        };
    }

    /** Sends frames as they are. */
    public void raw(H2Frame... frames) throws IOException {
        connection.send(frames);
    }

    public void reset(int code) throws IOException {
        answered = true;
        connection.send(H2Frame.reset(stream, code));
    }

    /** Says that streams up to that one will be served, and no others. */
    public void goAway(int lastStream, int code) throws IOException {
        byte[] payload = ByteBuffer.allocate(8).putInt(lastStream).putInt(code).array();
        connection.send(H2Frame.of(H2Frame.GOAWAY, 0, 0, payload));
    }

    /** Ends the whole connection, behind what was sent. */
    public void closeConnection() throws IOException {
        connection.socket().shutdownOutput();
    }

    /** Resets the whole connection. */
    public void resetConnection() throws IOException {
        connection.socket().setSoLinger(true, 0);
        connection.socket().close();
    }

    /** Has the connection answer nothing any more. */
    public void goSilent() {
        connection.goSilent();
    }

    // ---- what the connection tells, on its thread

    void data(H2Frame frame) {
        synchronized (received) {
            if (frame.payload().length > 0) {
                received.add(frame.payload());
            }
            requestEnded |= frame.endsStream();
            received.notifyAll();
        }
    }

    void trailers(List<String> lines) {
        synchronized (received) {
            trailers = lines;
            ended();
        }
    }

    void endsWithHead() {
        bodiless = true;
        ended();
    }

    private void ended() {
        synchronized (received) {
            requestEnded = true;
            received.notifyAll();
        }
    }

    void resetByPeer(int code) {
        Runnable action;
        synchronized (received) {
            if (resetCode == Integer.MIN_VALUE) {
                resetCode = code;
            }
            received.notifyAll();
            action = onReset;
        }
        reset.countDown();
        connection.wake();
        action.run();
    }

    boolean isAlive() {
        return resetCode == Integer.MIN_VALUE;
    }

    boolean isOpen() {
        return isAlive() && !answered;
    }
}
