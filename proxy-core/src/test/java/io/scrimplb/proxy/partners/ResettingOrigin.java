package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads a whole request, sends the bytes it was given (none as a rule) and resets the connection (SO_LINGER 0). */
public final class ResettingOrigin implements AutoCloseable {
    private final AtomicInteger requests = new AtomicInteger();
    private final String before;
    private final AcceptingSocket accepting;

    private ResettingOrigin(String before) {
        this.before = before;
        this.accepting = AcceptingSocket.start("ResettingOrigin", this::serve);
    }

    public static ResettingOrigin start() {
        return new ResettingOrigin("");
    }

    /** Sends the start of a response first. The reset may overtake it: the receiver may see any part of it, or none. */
    public static ResettingOrigin after(String responseStart) {
        return new ResettingOrigin(responseStart);
    }

    public InetSocketAddress address() {
        return accepting.address();
    }

    /** Whole requests received. */
    public int requests() {
        return requests.get();
    }

    private void serve(Socket socket, int connection) throws IOException {
        WireReader reader = new WireReader(socket.getInputStream());
        Optional<MessageHead> head = reader.head();
        if (head.isPresent()) {
            MessageBody.ofRequest(head.get(), reader).readAllBytes();
            requests.incrementAndGet();
            socket.getOutputStream().write(before.getBytes(StandardCharsets.ISO_8859_1));
            socket.setSoLinger(true, 0);
        }
    }

    @Override
    public void close() {
        accepting.close();
    }
}
