package io.scrimplb.proxy.tls;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.scrimplb.proxy.transport.Loop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How the endpoints of one upstream are spoken with by TLS. Immutable; any thread. */
public final class OriginTls {
    private final OriginContexts contexts;
    private final Optional<String> serverName;
    private final @Nullable OriginTls http1;

    private OriginTls(OriginContexts contexts, Optional<String> serverName, @Nullable OriginTls http1) {
        this.contexts = contexts;
        this.serverName = serverName;
        this.http1 = http1;
    }

    static OriginTls of(OriginContexts contexts, Optional<String> serverName) {
        return new OriginTls(contexts, serverName, new OriginTls(contexts, serverName, null));
    }

    /** What it shares with other upstreams. */
    public OriginContexts contexts() {
        return contexts;
    }

    /** The same, but HTTP/1.1 alone is offered: for what HTTP/2 has no place for. */
    public OriginTls http1() {
        return http1 == null ? this : http1;
    }

    /**
     * The handlers of a connection to an endpoint.
     *
     * @param timeout for connecting and the handshake together
     * @param inside what speaks inside, told that the channel is active once the handshake is done
     * @param failed hears why there is no handshake
     */
    public ChannelHandler handlers(
            Loop loop, InetSocketAddress address, Duration timeout, ChannelHandler inside, Consumer<Throwable> failed) {
        return new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                String host = serverName.orElseGet(() -> address.getAddress().getHostAddress());
                SslContext context = http1 == null ? contexts.http1() : contexts.any();
                // The port is only what sessions are kept by: they are one endpoint's, and several share a name.
                SslHandler engine = context.newHandler(channel.alloc(), host, 1 + (address.hashCode() & 0x7fff_fffe));
                engine.setHandshakeTimeoutMillis(0);
                WholeRecords records = new WholeRecords();
                // Cuts what is read into whole records, as on the side of clients.
                channel.pipeline().addLast(records);
                // Encrypts and decrypts.
                channel.pipeline().addLast(engine);
                // Holds back the news of the connection until it is secure.
                channel.pipeline().addLast(new OriginHandshake(loop, timeout, records, engine, failed));
                channel.pipeline().addLast(inside);
            }
        };
    }
}
