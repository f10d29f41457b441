package io.scrimplb.app.runtime;

import java.net.InetSocketAddress;

/** Addresses as people type them. */
final class Addresses {
    private Addresses() {}

    /** {@code host:port}, an IPv6 address in brackets. */
    static String text(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
