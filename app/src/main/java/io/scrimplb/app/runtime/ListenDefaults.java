package io.scrimplb.app.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a load balancer listens when nobody says otherwise.
 *
 * @param address address of all listeners
 * @param port port of the listener that is always open, and of applications that name none
 */
public record ListenDefaults(InetAddress address, int port) {
    private static final Logger log = LoggerFactory.getLogger(ListenDefaults.class);

    private static final int HTTP_PORT = 80;
    private static final int UNPRIVILEGED_HTTP_PORT = 8080;

    /** Every address of the machine, port 80, or 8080 when 80 cannot be had; says so in one line. */
    public static ListenDefaults ofThisMachine() {
        InetAddress everywhere = wildcard();
        String obstacle = obstacle(everywhere, HTTP_PORT);
        if (obstacle == null) {
            return new ListenDefaults(everywhere, HTTP_PORT);
        }
        log.warn(
                "port 80 cannot be bound ({}): the default listen port is {}. To have 80, stop what holds it, run as root,"
                        + " or 'sysctl net.ipv4.ip_unprivileged_port_start=80'",
                obstacle,
                UNPRIVILEGED_HTTP_PORT);
        return new ListenDefaults(everywhere, UNPRIVILEGED_HTTP_PORT);
    }

    /** Why a port cannot be bound now; null when it can. */
    static @Nullable String obstacle(InetAddress address, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address, port));
            return null;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** IPv6 and IPv4 where the machine has both. */
    private static InetAddress wildcard() {
        try {
            InetAddress any = InetAddress.getByName("::");
            if (obstacle(any, 0) == null) {
                return any;
            }
            return InetAddress.getByName("0.0.0.0");
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a literal address needs no look-up", e);
        }
    }
}
