package io.scrimplb.proxy.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.Channel;
import io.scrimplb.proxy.tls.TlsSession;
import io.scrimplb.proxy.transport.ClientAddresses;
import io.scrimplb.proxy.transport.TrustedNetworks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What requests carry on of a client's connection.
 *
 * @param addresses what is known of both ends
 * @param inet the client's address
 * @param address the client's address as text
 * @param local the address and port the client connected to
 * @param tls what was agreed with the client; null in clear text
 */
public record ClientPeer(
        ClientAddresses addresses,
        InetAddress inet,
        byte[] address,
        InetSocketAddress local,
        @Nullable TlsSession tls) {
    /** Of a channel that is connected. */
    public static ClientPeer of(Channel channel, @Nullable TlsSession tls) {
        ClientAddresses known = ClientAddresses.of(channel);
        InetAddress remote = address(known.client()).getAddress();
        return new ClientPeer(known, remote, literal(remote).getBytes(US_ASCII), address(known.local()), tls);
    }

    /** Whether it came by TLS. */
    public boolean secure() {
        return tls != null;
    }

    /**
     * Whether the forwarding fields of its requests are believed. Behind a peer that told a client's address they come from that
     * client, so it is the client that has to be trusted.
     */
    boolean trusted(TrustedNetworks networks) {
        return !addresses.anonymous() && networks.contains(inet);
    }

    /** The address and port the client connected to, as a {@code Host} has them. */
    public byte[] localAuthority() {
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
