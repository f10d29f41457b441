package io.scrimplb.proxy.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.scrimplb.proxy.h1.ClientConnection;
import io.scrimplb.proxy.h1.H1Loop;
import io.scrimplb.proxy.h2.H2Loop;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.ProxyContext;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.spec.ProxyProtocol;
import io.scrimplb.proxy.tcp.TcpSession;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.tls.TlsLoop;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.transport.Loop;
import io.scrimplb.proxy.upstream.Upstream;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The handlers of a client's connection, in order, with the reason for each. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private final EventLoops loops;
    private final Loop loop;
    private final ProxyContext context;
    private final H1Loop h1;
    private final Admission admission;
    private final ListenerHandle listener;
    private final boolean http;
    private final TlsHandlers tls;

    ConnectionInitializer(
            EventLoops loops,
            Loop loop,
            ProxyContext context,
            H1Loop h1,
            H2Loop h2,
            Admission admission,
            ListenerHandle listener,
            boolean http,
            TlsLoop tlsLoop) {
        this.loops = loops;
        this.loop = loop;
        this.context = context;
        this.h1 = h1;
        this.admission = admission;
        this.listener = listener;
        this.http = http;
        this.tls = new TlsHandlers(loops, tlsLoop, context, h1, h2, listener);
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!admission.enter(context.snapshot().limits().connections())) {
            // Without a word: an answer would cost what the limit is there to save.
            context.unattributed().error(loop.index(), ErrorCause.CONNECTION_LIMIT);
            channel.close();
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        // First, and it stays: whatever the others turn the connection into, its place is given back once.
        pipeline.addLast(new AdmissionHandler(admission, loop, listener));
        ProxyHeaderReader.Wait wait = waitForHeader(channel);
        if (wait != null) {
            // Before whatever the client says, and nothing else begins before it knows the client's address.
            pipeline.addLast(new ProxyHeaderReader(loop, context, listener, wait));
        }
        if (http && context.snapshot().tls(listener)) {
            // Reads what the client says first, and puts what serves it in its own place; see there.
            pipeline.addLast(tls.first());
        } else if (http) {
            // Reads requests and answers them; leaves when a connection becomes a tunnel.
            pipeline.addLast(new ClientConnection(h1, listener, null));
        } else {
            // Finds an endpoint, then leaves the bytes to a relay; until then nothing is read but a header.
            TcpSession.prepare(channel);
            if (wait == ProxyHeaderReader.Wait.FOR_A_WHILE) {
                loop.share(channel);
                channel.config().setAutoRead(true);
            }
            pipeline.addLast(new TcpSession(loops, loop, context, listener));
        }
    }

    /** How to wait for a PROXY header; null for peers that are not trusted with one. */
    private ProxyHeaderReader.@Nullable Wait waitForHeader(Channel channel) {
        Snapshot snapshot = context.snapshot();
        boolean trusted = channel.remoteAddress() instanceof InetSocketAddress peer
                && snapshot.trusted().contains(peer.getAddress());
        if (!trusted) {
            return null;
        }
        if (http) {
            return ProxyHeaderReader.Wait.FOR_THE_CLIENT;
        }
        Upstream upstream = snapshot.session(listener);
        return upstream == null || upstream.origin().proxyProtocol() == ProxyProtocol.NONE
                ? ProxyHeaderReader.Wait.NOT
                : ProxyHeaderReader.Wait.FOR_A_WHILE;
    }
}
