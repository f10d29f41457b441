package io.scrimplb.app.registry;

/**
 * Listen ports from {@code first} to {@code last}, both included.
 *
 * @param first 1 to 65535
 * @param last not below {@code first}, at most 65535
 */
public record PortRange(int first, int last) {
    public PortRange {
        if (first < 1 || last < first || last > 65_535) {
            throw new IllegalArgumentException("ports " + first + "-" + last + " are no range within 1 to 65535");
        }
    }

    /** The range of one port. */
    public static PortRange of(int port) {
        return new PortRange(port, port);
    }

    public boolean contains(int port) {
        return first <= port && port <= last;
    }
}
