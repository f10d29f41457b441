package io.scrimplb.proxy.tls;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.scrimplb.proxy.spec.OriginTlsSpec;
import io.scrimplb.proxy.transport.Loop;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** How the endpoints of one upstream are spoken with by TLS. Immutable; any thread. The collector gives its native part back. */
public final class OriginTls {
    /** HTTP/2 by TLS (RFC 9113, 3.1). */
    public static final String HTTP_2 = "h2";

    private static final String HTTP_1 = "http/1.1";

    /** Sessions to resume, over all endpoints of an upstream and all loops; about 2 KiB each. */
    private static final int MAX_SESSIONS = 1000;

    private final OriginTlsSpec spec;
    private final SslContext context;
    private final @Nullable OriginTls http1;

    private OriginTls(OriginTlsSpec spec, SslContext context, @Nullable OriginTls http1) {
        this.spec = spec;
        this.context = context;
        this.http1 = http1;
    }

    static OriginTls of(OriginTlsSpec spec, Engine engine) throws SSLException, GeneralSecurityException {
        OriginTls http1 = new OriginTls(spec, context(spec, engine, List.of(HTTP_1)), null);
        return new OriginTls(spec, context(spec, engine, List.of(HTTP_2, HTTP_1)), http1);
    }

    /** The same, but HTTP/1.1 alone is offered: for what HTTP/2 has no place for. */
    public OriginTls http1() {
        return http1 == null ? this : http1;
    }

    private static SslContext context(OriginTlsSpec spec, Engine engine, List<String> protocols)
            throws SSLException, GeneralSecurityException {
        boolean open = engine == Engine.OPENSSL;
        TrustManager trust = spec.insecure() ? new OriginTrust.Anybody() : OriginTrust.of(spec.authorities());
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(open ? SslProvider.OPENSSL : SslProvider.JDK)
                .trustManager(trust)
                .endpointIdentificationAlgorithm(spec.insecure() ? null : "HTTPS")
                .protocols(TlsPolicy.VERSIONS)
                .ciphers(TlsPolicy.CIPHER_SUITES, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols))
                .sessionCacheSize(MAX_SESSIONS);
        if (open) {
            builder.option(OpenSslContextOption.GROUPS, TlsPolicy.GROUPS);
            builder.option(OpenSslContextOption.USE_TASKS, false);
        }
        return builder.build();
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
                String host =
                        spec.serverName().orElseGet(() -> address.getAddress().getHostAddress());
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
