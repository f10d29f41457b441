package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes every request and never answers. */
public final class StallingOrigin implements AutoCloseable {
    private final AtomicInteger requests = new AtomicInteger();
    private final AcceptingSocket accepting = AcceptingSocket.start("StallingOrigin", (socket, number) -> {
        WireReader reader = new WireReader(socket.getInputStream());
        for (Optional<MessageHead> head = reader.head(); head.isPresent(); head = reader.head()) {
            requests.incrementAndGet();
            MessageBody.ofRequest(head.get(), reader).readAllBytes();
        }
    });

    private StallingOrigin() {}

    public static StallingOrigin withoutAnswer() {
        return new StallingOrigin();
    }

    public InetSocketAddress address() {
        return accepting.address();
    }

    /** Requests whose head came in. */
    public int requests() {
        return requests.get();
    }

    /** Connections that are open now. */
    public int open() {
        return accepting.open();
    }

    @Override
    public void close() throws IOException {
        accepting.close();
    }
}
