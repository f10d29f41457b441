package io.scrimplb.proxy.partners;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps every byte it receives, connection by connection, and answers each whole request with the next of its scripted
 * raw responses, the last one again and again.
 */
public final class RecordingOrigin implements AutoCloseable {
    /** A request that came in whole. */
    public record Recorded(int connection, MessageHead head, byte[] body, List<String> trailers) {
        public String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }
    }

    /** A response with which the plain tests are content. */
    public static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final AcceptingSocket accepting;
    private final List<String> script;
    private final BlockingQueue<Recorded> arrivals = new LinkedBlockingQueue<>();
    private final List<Recorded> requests = new CopyOnWriteArrayList<>();
    private final List<String> unreadable = new CopyOnWriteArrayList<>();
    private final Map<Integer, RecordedInput> bytes = new ConcurrentHashMap<>();
    private final AtomicLong received = new AtomicLong();
    private final boolean closeAfterResponse;

    private RecordingOrigin(List<String> script, boolean closeAfterResponse) {
        this.script = script;
        this.closeAfterResponse = closeAfterResponse;
        this.accepting = AcceptingSocket.start("RecordingOrigin", this::serve);
    }

    /** Answers 200 with {@code ok}. */
    public static RecordingOrigin start() {
        return answering(OK);
    }

    public static RecordingOrigin answering(String... responses) {
        return new RecordingOrigin(List.of(responses), false);
    }

    /** Sends the response and closes: what ends a response without a length, and what cuts one that has it. */
    public static RecordingOrigin answeringAndClosing(String... responses) {
        return new RecordingOrigin(List.of(responses), true);
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

    /** All bytes received, of incomplete requests too. */
    public long bytesReceived() {
        return received.get();
    }

    /** The exact bytes of one connection, 1 being the first. */
    public String raw(int connection) {
        RecordedInput recorded = bytes.get(connection);
        return recorded == null ? "" : recorded.text();
    }

    /** Whole requests so far. */
    public List<Recorded> requests() {
        return List.copyOf(requests);
    }

    /** The next whole request not yet taken; fails after ten seconds. */
    public Recorded next() throws InterruptedException {
        Recorded recorded = arrivals.poll(10, TimeUnit.SECONDS);
        if (recorded == null) {
            throw new AssertionError("the origin got no whole request; raw: <" + raw(accepting.accepted()) + ">");
        }
        return recorded;
    }

    /** What came in and could not be read as a request: a proxy lets nothing of that kind through. */
    public List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    private void serve(Socket socket, int connection) throws IOException {
        try {
            serveRequests(socket, connection);
        } catch (EOFException | SocketException ended) {
            // A client that left in the middle of its request.
            throw ended;
        } catch (IOException | RuntimeException fault) {
            unreadable.add(fault + " in <" + raw(connection) + ">");
            throw fault;
        }
    }

    private void serveRequests(Socket socket, int connection) throws IOException {
        RecordedInput recorded = new RecordedInput(socket.getInputStream(), received);
        bytes.put(connection, recorded);
        WireReader reader = new WireReader(recorded);
        while (true) {
            Optional<MessageHead> head = reader.head();
            if (head.isEmpty()) {
                return;
            }
            MessageBody body = MessageBody.ofRequest(head.get(), reader);
            byte[] content = body.readAllBytes();
            Recorded request = new Recorded(connection, head.get(), content, body.trailers());
            int index;
            synchronized (requests) {
                index = requests.size();
                requests.add(request);
            }
            arrivals.add(request);
            String response = script.get(Math.min(index, script.size() - 1));
            socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
            if (closeAfterResponse) {
                return;
            }
        }
    }

    @Override
    public void close() {
        accepting.close();
    }
}
