package io.scrimplb.seed;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An address through which the cluster can be joined. Two seeds with the same address and port are the same seed; see
 * {@link #sameMember}.
 *
 * @param address literal IPv4 or IPv6 address (brackets are taken off) or a host name
 * @param port cluster port, 1 to 65535
 * @param updated when its owner last renewed it; null when the source does not say
 */
public record Seed(String address, int port, @Nullable Instant updated) {
    /** The cluster port when none is named. */
    public static final int DEFAULT_PORT = 9999;

    /** @throws IllegalArgumentException when the address is blank or the port is not a port */
    public Seed {
        address = IpLiteral.withoutBrackets(address.strip());
        if (address.isEmpty()) {
            throw new IllegalArgumentException("a seed needs an address");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " of seed " + address + " is not between 1 and 65535");
        }
    }

    /**
     * Reads {@code host}, {@code host:port}, {@code [v6]}, {@code [v6]:port} or a bare IPv6 address.
     *
     * @throws IllegalArgumentException with one line that says what is wrong with the text
     */
    public static Seed parse(String text, int defaultPort) {
        String trimmed = text.strip();
        int colon = trimmed.lastIndexOf(':');
        boolean bracketed = trimmed.startsWith("[");
        if (bracketed && trimmed.indexOf(']') < 0) {
            throw new IllegalArgumentException("'" + text + "' lacks the closing bracket");
        }
        boolean hasPort = bracketed ? colon > trimmed.indexOf(']') : colon >= 0 && colon == trimmed.indexOf(':');
        if (!hasPort) {
            return new Seed(checked(trimmed, text), defaultPort, null);
        }
        return new Seed(checked(trimmed.substring(0, colon), text), port(trimmed.substring(colon + 1)), null);
    }

    private static String checked(String host, String text) {
        boolean bracketed = host.startsWith("[");
        String bare = IpLiteral.withoutBrackets(host);
        boolean address = IpLiteral.parse(bare).isPresent();
        if (bare.indexOf(':') >= 0 ? !address : bracketed || !bare.matches("[A-Za-z0-9_]([A-Za-z0-9_.-]*)")) {
            throw new IllegalArgumentException("'" + text + "' is not HOST, HOST:PORT or [IPv6]:PORT");
        }
        return bare;
    }

    /**
     * Reads a port, 1 to 65535.
     *
     * @throws IllegalArgumentException when it is not one
     */
    public static int port(String text) {
        String digits = text.strip();
        int port = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("'" + text + "' is not a port between 1 and 65535");
        }
        return port;
    }

    /** Whether the other names the same address and port, whatever its spelling and age. */
    public boolean sameMember(Seed other) {
        return port == other.port && member().equals(other.member());
    }

    /** What makes two seeds the same: one spelling of address and port. */
    String member() {
        return IpLiteral.canonical(address) + " " + port;
    }

    /** {@code address:port}, an IPv6 address in brackets. */
    public String hostPort() {
        return address.indexOf(':') < 0 ? address + ":" + port : "[" + address + "]:" + port;
    }
}
