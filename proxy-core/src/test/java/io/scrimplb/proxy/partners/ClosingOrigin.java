package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Answers so many requests of a connection with 200 and keep-alive, then closes it without a word. With 0 it reads a
 * request and closes without an answer.
 */
public final class ClosingOrigin implements AutoCloseable {
    private final int answers;
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final AcceptingSocket accepting;

    private ClosingOrigin(int answers) {
        this.answers = answers;
        this.accepting = AcceptingSocket.start("ClosingOrigin", this::serve);
    }

    public static ClosingOrigin withoutAnswer() {
        return new ClosingOrigin(0);
    }

    public static ClosingOrigin afterAnswers(int answers) {
        return new ClosingOrigin(answers);
    }

    public InetSocketAddress address() {
        return accepting.address();
    }

    public int connections() {
        return accepting.accepted();
    }

    /** The targets of all requests that came in whole, answered or not. */
    public List<String> targets() {
        return List.copyOf(targets);
    }

    private void serve(Socket socket, int connection) throws IOException {
        WireReader reader = new WireReader(socket.getInputStream());
        for (int answered = 0; answered < Math.max(1, answers); answered++) {
            Optional<MessageHead> head = reader.head();
            if (head.isEmpty()) {
                return;
            }
            MessageBody body = MessageBody.ofRequest(head.get(), reader);
            body.readAllBytes();
            targets.add(head.get().target());
            if (answers > 0) {
                new OriginExchange(socket, head.get(), body, connection, answered).send(200, "ok");
            }
        }
    }

    @Override
    public void close() {
        accepting.close();
    }
}
