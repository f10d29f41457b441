package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.scrimplb.proxy.ProxyOptions.TlsEngine;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.TestAuthority;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How keys are agreed on by BoringSSL, with a client that knows a single group. */
@Timeout(60)
final class KeyExchangeTest {
    private static final String SECURE = "secure";

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @BeforeEach
    void start() {
        Assumptions.assumeTrue(OpenSsl.isAvailable(), "there is no BoringSSL for this machine");
        proxy.by(TlsEngine.OPENSSL)
                .start(SpecBuilder.bare()
                        .https(SECURE, SpecBuilder.anyPort())
                        .upstream("app", proxy.with(HttpOrigin.named("app")).address())
                        .route(SECURE, "*", "/", "app")
                        .certificates(TestAuthority.SHARED.ec("app.example")));
    }

    @AfterEach
    void end() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** The first withstands quantum computers. */
    @ParameterizedTest
    @ValueSource(strings = {"X25519MLKEM768", "x25519", "secp256r1", "secp384r1"})
    void isByAnyOfTheGroups(String group) throws Exception {
        assertThat(agrees(group)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = "secp521r1")
    void isByNoOther(String group) throws Exception {
        assertThat(agrees(group)).isFalse();
    }

    private boolean agrees(String group) throws Exception {
        SslContext context = SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.3")
                .option(OpenSslContextOption.GROUPS, new String[] {group})
                .trustManager(TestAuthority.SHARED.certificate())
                .build();
        SslHandler[] engine = new SslHandler[1];
        var channel = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel made) {
                        engine[0] = context.newHandler(made.alloc(), "app.example", 443);
                        made.pipeline().addLast(engine[0]);
                    }
                })
                .connect(proxy.address(SECURE))
                .sync()
                .channel();
        try {
            return engine[0].handshakeFuture().await().isSuccess();
        } finally {
            channel.close().sync();
        }
    }
}
