package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a client's connection, as the bytes that requests carry on.
 *
 * @param inet the client's address
 * @param address the client's address as text
 * @param scheme {@code http} or {@code https}
 * @param localPort the port the client connected to
 * @param localAuthority the address and port the client connected to
 */
record ClientPeer(InetAddress inet, byte[] address, byte[] scheme, byte[] localPort, byte[] localAuthority) {
    private static final byte[] HTTP = "http".getBytes(US_ASCII);

    static ClientPeer of(Channel channel) {
        InetAddress remote = address(channel.remoteAddress()).getAddress();
        InetSocketAddress local = address(channel.localAddress());
        String localHost = literal(local.getAddress());
        String authority = (localHost.indexOf(':') < 0 ? localHost : "[" + localHost + "]") + ":" + local.getPort();
        return new ClientPeer(
                remote,
                literal(remote).getBytes(US_ASCII),
                HTTP,
                Integer.toString(local.getPort()).getBytes(US_ASCII),
                authority.getBytes(US_ASCII));
    }

    /** A connection that was reset a moment ago no longer knows its addresses; nobody will read what is made of it. */
    private static InetSocketAddress address(@Nullable SocketAddress known) {
        return known instanceof InetSocketAddress inet ? inet : new InetSocketAddress(0);
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
