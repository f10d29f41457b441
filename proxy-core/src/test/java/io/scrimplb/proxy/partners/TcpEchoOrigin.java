package io.scrimplb.proxy.partners;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Sends back what it receives, then half-closes when the other side has. */
public final class TcpEchoOrigin implements AutoCloseable {
    private final AcceptingSocket accepting = AcceptingSocket.start("TcpEchoOrigin", TcpEchoOrigin::echo);

    private static void echo(Socket socket, int connection) throws java.io.IOException {
        InputStream in = socket.getInputStream();
        byte[] piece = new byte[32 * 1024];
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            socket.getOutputStream().write(piece, 0, count);
        }
        socket.shutdownOutput();
    }

    public InetSocketAddress address() {
        return accepting.address();
    }

    public int connections() {
        return accepting.accepted();
    }

    public int open() {
        return accepting.open();
    }

    @Override
    public void close() {
        accepting.close();
    }
}
