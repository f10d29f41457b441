package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * An address where a connection attempt gets no answer at all: a listening socket that nobody accepts from and whose
 * backlog is full, so that the kernel drops further SYNs.
 */
public final class SilentAddress implements AutoCloseable {
    private static final int PROBE_MILLIS = 200;
    private static final int MOST_FILLERS = 64;

    private final ServerSocket server;
    private final List<Socket> fillers = new ArrayList<>();

    private SilentAddress() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        while (fillers.size() < MOST_FILLERS) {
            Socket filler = new Socket();
            try {
                filler.connect(address(), PROBE_MILLIS);
                fillers.add(filler);
            } catch (SocketTimeoutException full) {
                filler.close();
                return;
            }
        }
        throw new IOException("the backlog of a listening socket never filled up");
    }

    public static SilentAddress open() {
        try {
            return new SilentAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        for (Socket filler : fillers) {
            filler.close();
        }
        server.close();
    }
}
