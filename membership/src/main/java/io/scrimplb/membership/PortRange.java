package io.scrimplb.membership;

/**
 * Ports from first to last.
 *
 * @param first 1 to 65535
 * @param last {@code first} to 65535
 */
public record PortRange(int first, int last) {
    private static final int MAX_PORT = 65_535;

    public PortRange {
        if (first < 1 || last > MAX_PORT || first > last) {
            throw new IllegalArgumentException("ports " + first + " to " + last + " are not a range within 1 to 65535");
        }
    }

    /** The range of one port. */
    public static PortRange of(int port) {
        return new PortRange(port, port);
    }

    public boolean contains(int port) {
        return port >= first && port <= last;
    }

    /** As it is written in configuration: {@code 443} or {@code 8000-8999}. */
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
