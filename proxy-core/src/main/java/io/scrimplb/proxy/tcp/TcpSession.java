package io.scrimplb.proxy.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.ProxyContext;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.spec.ProxyProtocol;
import io.scrimplb.proxy.telemetry.AccessRecord;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.transport.ByteRelay;
import io.scrimplb.proxy.transport.ClientAddresses;
import io.scrimplb.proxy.transport.ConnectFailures;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.transport.Loop;
import io.scrimplb.proxy.transport.ProxyHeader;
import io.scrimplb.proxy.upstream.Attempt;
import io.scrimplb.proxy.upstream.Upstream;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's raw connection: finds an endpoint that takes a connection, then leaves both to a relay. What was read from the
 * client before is kept until then, so trying the next endpoint loses nothing. Keeps its endpoint whatever changes later.
 */
public final class TcpSession extends ChannelInboundHandlerAdapter implements ByteRelay.Events {
    private static final Logger log = LoggerFactory.getLogger(TcpSession.class);

    private final EventLoops loops;
    private final Loop loop;
    private final ProxyContext context;
    private final ListenerHandle listener;
    private final Attempt attempt;
    private final long startMillis = System.currentTimeMillis();
    private final long startNanos = System.nanoTime();
    private @Nullable Upstream upstream;
    private @Nullable InetSocketAddress backend;
    private @Nullable Channel client;
    private String protocol = "tcp";
    private @Nullable String host;
    private long connectNanos = -1;
    private long bytesIn;
    private long bytesOut;
    private @Nullable ChannelFuture connecting;
    private boolean ended;
    private ByteBuf early = Unpooled.EMPTY_BUFFER;

    /** For a channel that is {@link #prepare prepared}; becomes its last handler, and begins when it is active. */
    public TcpSession(EventLoops loops, Loop loop, ProxyContext context, ListenerHandle listener) {
        this.loops = loops;
        this.loop = loop;
        this.context = context;
        this.listener = listener;
        this.attempt = new Attempt(loop);
    }

    /** Lets a client's channel read no more by itself, hear its client's end as such, and buffer little in the kernel. */
    public static void prepare(Channel client) {
        client.config().setOption(ChannelOption.AUTO_READ, false);
        client.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        client.config().setOption(ChannelOption.SO_RCVBUF, EventLoops.RECEIVE_BUFFER_BYTES);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        Snapshot snapshot = context.snapshot();
        begin(ctx.channel(), snapshot, snapshot.session(listener));
    }

    /**
     * Begins on a channel that is active and has been read from: its TLS is for the endpoint. On its loop.
     *
     * @param name the host that the client named; null when it named none
     * @param read all that was read, which becomes this session's
     */
    public void passThrough(Channel from, Snapshot snapshot, Upstream to, @Nullable String name, ByteBuf read) {
        try {
            prepare(from);
        } catch (ChannelException e) {
            // The socket is going down this moment.
            log.debug("a socket takes no options any more: {}", e.getMessage());
            read.release();
            from.close();
            return;
        }
        protocol = "tls";
        host = name;
        early = loop.unshared(read);
        from.pipeline().addLast(this);
        begin(from, snapshot, to);
    }

    private void begin(Channel client, Snapshot snapshot, @Nullable Upstream to) {
        context.begun(loop.index());
        this.client = client;
        if (to == null) {
            end(ErrorCause.NO_APPLICATIONS);
            client.close();
            return;
        }
        upstream = to;
        connectNext(client, snapshot, to, ErrorCause.NO_ENDPOINT);
    }

    private void connectNext(Channel client, Snapshot snapshot, Upstream to, ErrorCause failure) {
        Endpoint endpoint = attempt.next(to);
        if (endpoint == null) {
            end(failure);
            client.close();
            return;
        }
        long connectStart = System.nanoTime();
        backend = endpoint.address();
        ChannelInboundHandlerAdapter begin = new ChannelInboundHandlerAdapter() {
            @Override
            public void handlerAdded(ChannelHandlerContext ctx) {
                ctx.channel().config().setAutoRead(false);
            }

            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                if (ended) {
                    ctx.close();
                } else {
                    endpoint.state().connected();
                    connectNanos = System.nanoTime() - connectStart;
                    join(client, ctx.channel(), snapshot);
                }
            }
        };
        ProxyProtocol told = to.origin().proxyProtocol();
        byte[] header = told == ProxyProtocol.NONE ? null : ProxyHeader.encode(told, ClientAddresses.of(client));
        connecting = loops.connect(loop, endpoint.address(), snapshot.connectTimeout(), header, begin, cause -> {
            if (!ended) {
                log.debug("no connection to {}: {}", endpoint, cause.toString());
                if (ConnectFailures.blameEndpoint(cause)) {
                    endpoint.state().connectFailed(System.nanoTime());
                }
                connectNext(client, snapshot, to, ErrorCause.CONNECT_FAILED);
            }
        });
    }

    private void join(Channel client, Channel origin, Snapshot snapshot) {
        if (!client.isActive()) {
            origin.close();
            end(ErrorCause.CLIENT_ABORTED);
            return;
        }
        client.pipeline().remove(this);
        connecting = null;
        ByteBuf read = early;
        early = Unpooled.EMPTY_BUFFER;
        new ByteRelay(loop, client, origin, snapshot.deadlines().tunnelIdle(), this).start(read, Unpooled.EMPTY_BUFFER);
    }

    /** epoll reads what there is when the client ends its output, asked or not: up to a receive buffer has to wait. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (ended) {
            bytes.release();
        } else {
            early = Unpooled.wrappedBuffer(early, loop.unshared(bytes));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        early.release();
        early = Unpooled.EMPTY_BUFFER;
        if (client != null) {
            end(ErrorCause.CLIENT_ABORTED);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public void received(int bytes) {
        bytesIn += bytes;
        listener.counters().received(loop.index(), bytes);
    }

    @Override
    public void sent(int bytes) {
        bytesOut += bytes;
        listener.counters().sent(loop.index(), bytes);
    }

    @Override
    public void ended(ByteRelay.Ending ending) {
        end(ending.cause());
    }

    private void end(@Nullable ErrorCause cause) {
        if (ended) {
            return;
        }
        ended = true;
        ChannelFuture pending = connecting;
        if (pending != null) {
            pending.cancel(false);
        }
        Upstream to = upstream;
        if (cause != null) {
            (to == null ? context.unattributed() : to.counters()).error(loop.index(), cause);
        }
        if (context.accessLog().enabled() && client != null) {
            InetSocketAddress from = ClientAddresses.of(client).client();
            if (from != null) {
                context.accessLog().write(accessRecord(to, from, cause));
            }
        }
        attempt.reset();
        context.ended(loop.index());
    }

    private AccessRecord accessRecord(@Nullable Upstream to, InetSocketAddress from, @Nullable ErrorCause cause) {
        return new AccessRecord(
                startMillis,
                to == null ? null : to.name(),
                listener.name(),
                host,
                null,
                null,
                protocol,
                0,
                bytesIn,
                bytesOut,
                from.getAddress(),
                backend,
                connectNanos,
                -1,
                System.nanoTime() - startNanos,
                attempt.retries(),
                cause,
                null,
                null,
                null);
    }
}
