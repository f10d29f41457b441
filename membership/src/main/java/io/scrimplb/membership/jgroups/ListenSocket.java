package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.MembershipException;
import io.scrimplb.membership.MembershipException.Reason;
import io.scrimplb.membership.MembershipSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import org.jgroups.util.DefaultSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's port, bound before JGroups starts, so that the port stands in this member's address from the first
 * view on and a taken port is an error of ours. JGroups binds it a second time, which does nothing.
 */
final class ListenSocket extends ServerSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ListenSocket.class);
    private static final int BACKLOG = 50;
    private static final int MAX_PORT = 65_535;

    private ListenSocket() throws IOException {
        super();
    }

    /** Binds the first free port of the spec's range. */
    static ListenSocket open(MembershipSpec spec) throws MembershipException {
        InetAddress address = spec.bindAddress();
        // A range above an ephemeral port makes no sense: the system found a free one or there is none.
        int last = spec.bindPort() == 0 ? 0 : Math.min(MAX_PORT, spec.bindPort() + spec.portRange());
        @Nullable IOException failure = null;
        for (int port = spec.bindPort(); port <= last; port++) {
            try {
                ListenSocket socket = open(address, port);
                if (port != spec.bindPort()) {
                    LOG.info("cluster port {} is taken; using {}", spec.bindPort(), port);
                }
                return socket;
            } catch (IOException e) {
                failure = e;
            }
        }
        if (!assignable(address)) {
            throw new MembershipException(
                    Reason.ADDRESS_REFUSED,
                    "bind-address " + address.getHostAddress()
                            + " is not an address of this machine: set bind-address to one that is",
                    failure);
        }
        String ports = last == spec.bindPort() ? "port " + last : "ports " + spec.bindPort() + " to " + last;
        throw new MembershipException(
                Reason.PORT_TAKEN,
                "cluster " + ports + " on " + address.getHostAddress()
                        + " cannot be bound: free it or set port to another one",
                failure);
    }

    private static ListenSocket open(InetAddress address, int port) throws IOException {
        ListenSocket socket = new ListenSocket();
        try {
            socket.setReuseAddress(true);
            socket.really(new InetSocketAddress(address, port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void really(InetSocketAddress address) throws IOException {
        super.bind(address, BACKLOG);
    }

    private static boolean assignable(InetAddress address) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void bind(SocketAddress ignored) {
        // Bound since open().
    }

    /**
     * Hands this socket to the transport when it asks for its server socket, and another one on the same port when the
     * transport closed this one after a join that failed.
     */
    DefaultSocketFactory factory() {
        return new DefaultSocketFactory() {
            @Override
            public ServerSocket createServerSocket(String service) throws IOException {
                return isClosed() ? open(getInetAddress(), getLocalPort()) : ListenSocket.this;
            }
        };
    }
}
