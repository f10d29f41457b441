package io.scrimplb.app.config;

/**
 * A host and a port, not resolved.
 *
 * @param host literal address without brackets, or a host name
 * @param port 0 to 65535; where 0 is allowed it lets the system choose
 */
public record HostPort(String host, int port) {
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
