package io.scrimplb.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.scrimplb.proxy.partners.TestAuthority;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import io.scrimplb.proxy.transport.DetachedLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;

/** What becomes of a ClientHello for which there is no engine. */
final class TlsAcceptTest {
    private static final Error NO_MEMORY = new OutOfMemoryError("in a test");

    /** Shows a certificate whose context makes no engines. */
    private static final class Listener implements TlsConnections {
        private final List<Throwable> troubles = new ArrayList<>();
        private final CertificateTable table;

        Listener() throws Exception {
            SslContext context =
                    new DelegatingSslContext(SslContextBuilder.forClient()
                            .sslProvider(SslProvider.JDK)
                            .build()) {
                        @Override
                        protected void initEngine(SSLEngine engine) {
                            throw NO_MEMORY;
                        }
                    };
            var spec = TestAuthority.SHARED.ec("app.example");
            table = new CertificateTable(
                    List.of(new ServerCertificate(spec, Set.of("app.example"), KeyKind.of(spec.key()), context)),
                    Map.of(),
                    Map.of());
        }

        @Override
        public CertificateTable certificates() {
            return table;
        }

        @Override
        public long handshakeNanos() {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean ends() {
            return false;
        }

        @Override
        public List<String> protocols() {
            return List.of("h2", "http/1.1");
        }

        @Override
        public void troubled(Throwable cause) {
            troubles.add(cause);
        }

        @Override
        public boolean passThrough(ChannelHandlerContext reading, ClientHello hello, ByteBuf bytes) {
            return false;
        }

        @Override
        public void clearText(Channel channel) {
            throw new AssertionError("it is TLS");
        }

        @Override
        public void secured(ChannelPipeline pipeline, TlsSession session) {
            throw new AssertionError("there is no engine");
        }
    }

    @Test
    void anEngineThatCannotBeMadeEndsTheConnectionAndHoldsNoBytes() throws Exception {
        Listener listener = new Listener();
        TlsLoop loop = new TlsLoop(DetachedLoop.make());
        EmbeddedChannel channel = new EmbeddedChannel(new TlsAccept(loop, new ListenerCounters("secure", 1), listener));
        ByteBuf hello = Unpooled.copiedBuffer(Hellos.browser("app.example").record());

        channel.writeInbound(hello);

        assertThat(hello.refCnt()).isZero();
        assertThat(listener.troubles).containsExactly(NO_MEMORY);
        assertThat(channel.isOpen()).isFalse();
    }
}
