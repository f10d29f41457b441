package io.scrimplb.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A relay without the rest of the proxy: every connection to {@link #address} is joined with one to the origin. */
final class RelayRig implements AutoCloseable, ByteRelay.Events {
    private final EventLoops loops;
    private final ListeningSockets server;
    private final Duration idle;
    private final InetSocketAddress origin;
    final AtomicLong received = new AtomicLong();
    final AtomicLong sent = new AtomicLong();
    final CompletableFuture<ByteRelay.Ending> ending = new CompletableFuture<>();

    RelayRig(boolean epoll, KernelPipes pipes, Duration idle, InetSocketAddress origin) {
        this.loops = new EventLoops(epoll ? SocketApi.EPOLL : SocketApi.NIO, 1, pipes);
        this.idle = idle;
        this.origin = origin;
        try {
            this.server = ListeningSockets.bind(
                    loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::initializer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ChannelHandler initializer(Loop loop) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel client) {
                client.config().setOption(ChannelOption.AUTO_READ, false);
                client.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
                client.pipeline().addLast(new Joining(loop));
            }
        };
    }

    private final class Joining extends ChannelInboundHandlerAdapter {
        private final Loop loop;
        private ByteBuf early = Unpooled.EMPTY_BUFFER;

        Joining(Loop loop) {
            this.loop = loop;
        }

        /** epoll reads what there is when the client ends its output, asked or not. */
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            early = Unpooled.wrappedBuffer(early, (ByteBuf) message);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            Channel client = ctx.channel();
            ChannelFuture connecting = loops.client(loop, Duration.ofSeconds(5))
                    .option(ChannelOption.AUTO_READ, false)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(origin);
            connecting.addListener(done -> {
                ctx.pipeline().remove(this);
                new ByteRelay(loop, client, connecting.channel(), idle.toNanos(), RelayRig.this)
                        .start(early, Unpooled.EMPTY_BUFFER);
            });
        }
    }

    InetSocketAddress address() {
        return server.address();
    }

    /** How the first relay that ended did so; fails when none has within ten seconds. */
    ByteRelay.Ending ending() throws Exception {
        return ending.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void received(int bytes) {
        received.addAndGet(bytes);
    }

    @Override
    public void sent(int bytes) {
        sent.addAndGet(bytes);
    }

    @Override
    public void ended(ByteRelay.Ending how) {
        ending.complete(how);
    }

    @Override
    public void close() {
        server.close();
        for (Loop loop : loops.loops()) {
            loop.executor().submit(() -> loop.forEachSwept(Swept::abort)).syncUninterruptibly();
        }
        loops.close();
    }
}
