package io.scrimplb.proxy.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.scrimplb.proxy.h1.ClientConnection;
import io.scrimplb.proxy.h1.H1Loop;
import io.scrimplb.proxy.h2.H2ClientConnection;
import io.scrimplb.proxy.h2.H2Loop;
import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.ProxyContext;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.tcp.TcpSession;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.tls.CertificateTable;
import io.scrimplb.proxy.tls.ClientHello;
import io.scrimplb.proxy.tls.TlsAccept;
import io.scrimplb.proxy.tls.TlsConnections;
import io.scrimplb.proxy.tls.TlsLoop;
import io.scrimplb.proxy.tls.TlsSession;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.transport.LingeringClose;
import io.scrimplb.proxy.upstream.Upstream;
import java.util.List;

/**
 * The handlers of a client's TLS connection: the one that {@link ConnectionInitializer} begins with, and the one behind the
 * engine, by the protocol that was agreed (ALPN). For one listener on one event loop.
 */
public final class TlsHandlers implements TlsConnections {
    /** What is spoken inside TLS, the most wanted first; {@link #secured} has the handler of each. */
    public static final List<String> PROTOCOLS =
            List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);

    private static final LocalReply CLEAR_TEXT =
            LocalReply.badRequest("this port speaks https, and the request came in clear text");

    private final EventLoops loops;
    private final TlsLoop tls;
    private final ProxyContext context;
    private final H1Loop h1;
    private final H2Loop h2;
    private final ListenerHandle listener;

    TlsHandlers(EventLoops loops, TlsLoop tls, ProxyContext context, H1Loop h1, H2Loop h2, ListenerHandle listener) {
        this.loops = loops;
        this.tls = tls;
        this.context = context;
        this.h1 = h1;
        this.h2 = h2;
        this.listener = listener;
    }

    /** Reads the ClientHello. */
    ChannelHandler first() {
        return new TlsAccept(tls, listener.counters(), this);
    }

    @Override
    public CertificateTable certificates() {
        return context.snapshot().certificates();
    }

    @Override
    public boolean passThrough(ChannelHandlerContext reading, ClientHello hello, ByteBuf bytes) {
        Snapshot snapshot = context.snapshot();
        Upstream upstream = snapshot.passthrough(listener, hello.serverName());
        if (upstream == null) {
            return false;
        }
        reading.pipeline().remove(reading.handler());
        new TcpSession(loops, tls.loop(), context, listener)
                .passThrough(reading.channel(), snapshot, upstream, hello.serverName(), bytes);
        return true;
    }

    @Override
    public long handshakeNanos() {
        return context.snapshot().deadlines().clientHeader();
    }

    @Override
    public boolean ends() {
        return context.draining() || listener.retired();
    }

    @Override
    public List<String> protocols() {
        return PROTOCOLS;
    }

    @Override
    public void secured(ChannelPipeline pipeline, TlsSession session) {
        if (session.protocol().equals(ApplicationProtocolNames.HTTP_2)) {
            pipeline.addLast(H2ClientConnection.agreed(h2, listener, session));
        } else {
            // "http/1.1", and what a client means that offers nothing.
            pipeline.addLast(new ClientConnection(h1, listener, session));
        }
    }

    @Override
    public void troubled(Throwable cause) {
        h1.troubled(cause);
    }

    /** Says in the client's own words what is wrong, and closes. */
    @Override
    public void clearText(Channel channel) {
        context.unattributed().error(tls.index(), ErrorCause.BAD_REQUEST);
        byte[] reply = h1.refusal(CLEAR_TEXT);
        listener.counters().sent(tls.index(), reply.length);
        channel.write(Unpooled.wrappedBuffer(reply));
        LingeringClose.of(
                tls.loop(), channel, true, context.snapshot().deadlines().clientIdle());
    }
}
