package io.scrimplb.app.registry;

import java.util.OptionalInt;
import java.util.Set;

/**
 * Which listeners speak TLS to clients.
 *
 * @param on whether the operator gave certificates, or a way to get some
 * @param plainPorts listen ports that stay clear text nevertheless
 * @param redirectPort port that only sends clients on to https while {@code on}; empty for none
 * @param httpsPort where it sends them, and where applications are reached that asked for the redirect port; also the default
 *     port of applications that speak TLS themselves
 */
public record TlsPolicy(boolean on, Set<Integer> plainPorts, OptionalInt redirectPort, int httpsPort) {
    /** The port that stands for https by itself (RFC 9110, 4.2.2). */
    public static final int HTTPS_PORT = 443;

    /** No certificates: clear text everywhere but at 443. */
    public static final TlsPolicy OFF = new TlsPolicy(false, Set.of(), OptionalInt.empty(), HTTPS_PORT);

    public TlsPolicy {
        plainPorts = Set.copyOf(plainPorts);
    }

    /** Whether a port only sends clients on; never to clear text, whatever the https port came to be. */
    boolean redirects(int port) {
        return on
                && port != httpsPort
                && redirectPort.isPresent()
                && redirectPort.getAsInt() == port
                && !plainPorts.contains(port)
                && !plainPorts.contains(httpsPort);
    }

    /** Whether an HTTP listener at a port decrypts. */
    boolean terminates(int port) {
        return (on || port == HTTPS_PORT) && !plainPorts.contains(port) && !redirects(port);
    }
}
