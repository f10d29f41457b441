package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSocket;

/** Where clients of tests speak TLS without being told, so that the same test runs with it and without. */
public final class TlsAddresses {
    private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

    private TlsAddresses() {}

    public static void add(InetSocketAddress address) {
        PORTS.add(address.getPort());
    }

    public static void remove(InetSocketAddress address) {
        PORTS.remove(address.getPort());
    }

    static Socket clientOf(Socket socket, InetSocketAddress address) throws IOException {
        if (!PORTS.contains(address.getPort())) {
            return socket;
        }
        SSLSocket secure = (SSLSocket) TestAuthority.SHARED
                .client()
                .getSocketFactory()
                .createSocket(socket, "localhost", address.getPort(), true);
        secure.startHandshake();
        return secure;
    }
}
