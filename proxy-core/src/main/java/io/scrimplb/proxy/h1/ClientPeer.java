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
 * @param protoLine {@code X-Forwarded-Proto} of its requests
 * @param portLine {@code X-Forwarded-Port} of its requests: the port the client connected to
 * @param forAndProtoLines {@code X-Forwarded-For} of a peer whose word is not believed, and the line before
 * @param localAuthority the address and port the client connected to
 */
record ClientPeer(
        InetAddress inet,
        byte[] address,
        byte[] protoLine,
        byte[] portLine,
        byte[] forAndProtoLines,
        byte[] localAuthority) {

    static ClientPeer of(Channel channel) {
        InetAddress remote = address(channel.remoteAddress()).getAddress();
        InetSocketAddress local = address(channel.localAddress());
        String localHost = literal(local.getAddress());
        String authority = (localHost.indexOf(':') < 0 ? localHost : "[" + localHost + "]") + ":" + local.getPort();
        String protoLine = "X-Forwarded-Proto: http\r\n";
        String portLine = "X-Forwarded-Port: " + local.getPort() + "\r\n";
        return new ClientPeer(
                remote,
                literal(remote).getBytes(US_ASCII),
                protoLine.getBytes(US_ASCII),
                portLine.getBytes(US_ASCII),
                ("X-Forwarded-For: " + literal(remote) + "\r\n" + protoLine).getBytes(US_ASCII),
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
