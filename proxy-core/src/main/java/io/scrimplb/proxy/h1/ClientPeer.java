package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.Channel;
import io.scrimplb.proxy.transport.ClientAddresses;
import io.scrimplb.proxy.transport.TrustedNetworks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What requests carry on of a client's connection.
 *
 * @param inet the client's address
 * @param address the client's address as text
 * @param local the address and port the client connected to
 * @param anonymous whether that is the address of a peer that relays for somebody it does not tell
 */
record ClientPeer(InetAddress inet, byte[] address, InetSocketAddress local, boolean anonymous) {
    static ClientPeer of(Channel channel) {
        ClientAddresses known = ClientAddresses.of(channel);
        InetAddress remote = address(known.client()).getAddress();
        return new ClientPeer(remote, literal(remote).getBytes(US_ASCII), address(known.local()), known.anonymous());
    }

    /**
     * Whether the forwarding fields of its requests are believed. Behind a peer that told a client's address they come from that
     * client, so it is the client that has to be trusted.
     */
    boolean trusted(TrustedNetworks networks) {
        return !anonymous && networks.contains(inet);
    }

    /** The address and port the client connected to, as a {@code Host} has them. */
    byte[] localAuthority() {
        String host = literal(local.getAddress());
        return ((host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + local.getPort()).getBytes(US_ASCII);
    }

    /** A connection that was reset a moment ago no longer knows its addresses; nobody will read what is made of it. */
    private static InetSocketAddress address(@Nullable InetSocketAddress known) {
        return known != null ? known : new InetSocketAddress(0);
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
