package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Stands between a client and the proxy, and passes on what the client sends in segments of a few bytes at first. */
public final class Slicer implements AutoCloseable {
    private final AcceptingSocket accepting;

    /**
     * @param to where to connect for each client
     * @param pieceLength bytes a segment
     * @param sliced how many bytes go out that way; the rest goes as it comes
     */
    public Slicer(InetSocketAddress to, int pieceLength, int sliced) {
        accepting = AcceptingSocket.start("Slicer", (client, number) -> {
            try (Socket proxy = new Socket()) {
                proxy.setTcpNoDelay(true);
                proxy.connect(to);
                Thread back = new Thread(() -> copy(proxy, client), "Slicer back");
                back.setDaemon(true);
                back.start();
                slice(client.getInputStream(), proxy.getOutputStream(), pieceLength, sliced);
                proxy.shutdownOutput();
                back.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException ended) {
            // The other direction notices.
        }
    }

    private static void slice(InputStream in, OutputStream out, int pieceLength, int sliced) throws IOException {
        byte[] piece = new byte[pieceLength];
        int left = sliced;
        while (left > 0) {
            int count = in.read(piece, 0, Math.min(left, pieceLength));
            if (count < 0) {
                return;
            }
            out.write(piece, 0, count);
            left -= count;
            Thread.yield();
        }
        in.transferTo(out);
    }

    public InetSocketAddress address() {
        return accepting.address();
    }

    @Override
    public void close() {
        accepting.close();
    }
}
