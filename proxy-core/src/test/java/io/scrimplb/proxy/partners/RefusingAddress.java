package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * An address that refuses connections for as long as it is open: the port is held by a socket that is bound and does
 * not listen, so that no other test can be given it meanwhile.
 */
public final class RefusingAddress implements AutoCloseable {
    private final Socket holder = new Socket();

    private RefusingAddress() throws IOException {
        holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public static RefusingAddress open() {
        try {
            return new RefusingAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) holder.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        holder.close();
    }
}
