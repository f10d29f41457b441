package io.scrimplb.proxy.transport;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a client's connection, and where it connected to: what the connection's PROXY header says, else
 * what its socket says.
 *
 * @param client the client's address; null for a connection that was reset before anybody asked
 * @param local the address and port the client connected to; null as the client's is
 * @param anonymous whether a peer relays for a client that it does not tell: the address is then the peer's, and nothing else
 *     that the connection says is the peer's word
 */
public record ClientAddresses(
        @Nullable InetSocketAddress client, @Nullable InetSocketAddress local, boolean anonymous) {
    private static final AttributeKey<ProxyHeader> HEADER = AttributeKey.valueOf(ClientAddresses.class, "header");

    /** Of a client's channel. On its loop, and first while it is open. */
    public static ClientAddresses of(Channel channel) {
        ProxyHeader header = channel.hasAttr(HEADER) ? channel.attr(HEADER).get() : null;
        if (header != null && header.client() != null) {
            return new ClientAddresses(header.client(), header.destination(), false);
        }
        return new ClientAddresses(
                channel.remoteAddress() instanceof InetSocketAddress remote ? remote : null,
                channel.localAddress() instanceof InetSocketAddress own ? own : null,
                header != null && header.relayed());
    }

    /** Remembers what a trusted peer said at the beginning of a channel. On its loop. */
    public static void tell(Channel channel, ProxyHeader header) {
        channel.attr(HEADER).set(header);
    }
}
