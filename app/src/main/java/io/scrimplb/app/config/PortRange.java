package io.scrimplb.app.config;

/**
 * Ports from one to another, both included.
 *
 * @param first 1 to 65535
 * @param last not smaller than {@code first}, at most 65535
 */
public record PortRange(int first, int last) {
    public boolean contains(int port) {
        return port >= first && port <= last;
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
