package io.scrimplb.app.runtime;

import io.scrimplb.app.config.TlsConfig;
import io.scrimplb.app.registry.TlsPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a load balancer listens when nobody says otherwise.
 *
 * @param address address of all listeners
 * @param port for HTTP in clear text: of the listener that is always open, and of applications that name none, while there are
 *     no certificates; else of the one that redirects
 * @param httpsPort the same for TLS while there are certificates
 */
public record ListenDefaults(InetAddress address, int port, int httpsPort) {
    private static final Logger log = LoggerFactory.getLogger(ListenDefaults.class);

    private static final int HTTP_PORT = 80;
    private static final int UNPRIVILEGED_HTTP_PORT = 8080;
    private static final int UNPRIVILEGED_HTTPS_PORT = 8443;

    /** Every address of the machine, ports 80 and 443, or 8080 and 8443 when one cannot be had; says so in one line. */
    public static ListenDefaults ofThisMachine(TlsConfig tls) {
        InetAddress everywhere = wildcard();
        List<String> obstacles = new ArrayList<>();
        boolean usesHttp = !tls.on() || tls.redirect().way() == TlsConfig.Redirect.Way.DEFAULT;
        int http = port(everywhere, HTTP_PORT, UNPRIVILEGED_HTTP_PORT, usesHttp, obstacles);
        int https = port(everywhere, TlsPolicy.HTTPS_PORT, UNPRIVILEGED_HTTPS_PORT, tls.on(), obstacles);
        if (!obstacles.isEmpty()) {
            log.warn(
                    "{}: the default listen port is {}{}. To have the usual ones, free those that are in use,"
                            + " allow those that are not permitted (run as root, or 'sysctl"
                            + " net.ipv4.ip_unprivileged_port_start=80'), and start again",
                    String.join(", ", obstacles),
                    tls.on() ? https : http,
                    tls.on() && usesHttp ? ", and " + http + " redirects to it" : "");
        }
        return new ListenDefaults(everywhere, http, https);
    }

    private static int port(InetAddress address, int usual, int instead, boolean wanted, List<String> obstacles) {
        String obstacle = obstacle(address, usual);
        if (obstacle != null && wanted) {
            obstacles.add("port " + usual + " cannot be bound (" + obstacle + ")");
        }
        return obstacle == null ? usual : instead;
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
