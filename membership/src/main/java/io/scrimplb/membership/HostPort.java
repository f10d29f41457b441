package io.scrimplb.membership;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** How an address and its port are written in messages: {@code 10.0.0.7:9999}, {@code [fd00:0:0:0:0:0:0:2]:9999}. */
public final class HostPort {
    private HostPort() {}

    /**
     * The address in digits, or the name when it was not resolved; no name server is asked.
     *
     * @param place resolved or not
     */
    public static String of(InetSocketAddress place) {
        InetAddress address = place.getAddress();
        String host = address == null ? place.getHostString() : address.getHostAddress();
        boolean bracketed = address == null ? host.indexOf(':') >= 0 : address instanceof Inet6Address;
        return (bracketed ? "[" + host + "]" : host) + ":" + place.getPort();
    }
}
