package io.scrimplb.proxy.soak;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The clients of a soak, on one loop. A round lasts until so many requests have been sent and every connection is closed. */
final class SoakLoad {
    private static final int MOST_FAILURES = 20;
    private static final int SLOW_RECEIVE_BYTES = 16 * 1024;

    private final EventLoop loop;
    private final InetSocketAddress web;
    private final InetSocketAddress tcp;
    private final SplittableRandom random;
    private final byte[] scratch = new byte[64 * 1024];
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private CompletableFuture<Void> roundOver = CompletableFuture.completedFuture(null);
    private final Map<SoakKind, Integer> openNow = new ConcurrentHashMap<>();
    private long budget;
    private int open;
    private volatile long answered;
    private volatile long cut;
    private volatile long bytes;
    private volatile long connections;

    SoakLoad(EventLoop loop, InetSocketAddress web, InetSocketAddress tcp, long seed) {
        this.loop = loop;
        this.web = web;
        this.tcp = tcp;
        this.random = new SplittableRandom(seed);
    }

    /** Sends so many requests over so many connections at a time. */
    CompletableFuture<Void> round(long requests, int width) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        loop.execute(() -> {
            roundOver = over;
            budget = requests;
            open = width;
            for (int i = 0; i < width; i++) {
                next();
            }
        });
        return over;
    }

    private void next() {
        if (budget <= 0 || failures.size() >= MOST_FAILURES) {
            if (--open == 0) {
                roundOver.complete(null);
            }
            return;
        }
        SoakKind kind = SoakKind.any(random);
        SoakClient client = new SoakClient(this, kind, random.split());
        budget -= client.requests();
        openNow.merge(kind, 1, Integer::sum);
        connections++;
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(client);
                        channel.closeFuture()
                                .addListener(closed -> loop.execute(() -> {
                                    openNow.merge(kind, -1, Integer::sum);
                                    next();
                                }));
                    }
                });
        if (kind == SoakKind.SLOW) {
            bootstrap
                    .option(ChannelOption.SO_RCVBUF, SLOW_RECEIVE_BYTES)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(SLOW_RECEIVE_BYTES))
                    .option(ChannelOption.AUTO_READ, false);
        } else {
            bootstrap.option(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        bootstrap.connect(kind == SoakKind.TCP ? tcp : web).addListener(connected -> {
            if (!connected.isSuccess()) {
                failed(kind + ": " + connected.cause());
            }
        });
    }

    byte[] scratch() {
        return scratch;
    }

    /** Whether the first bytes of the scratch are what stands in the source at a position. */
    boolean sameBytes(int count, byte[] source, int position) {
        return Arrays.equals(scratch, 0, count, source, position, position + count);
    }

    // Written by the loop alone, so a volatile long can be added to.

    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    void answered() {
        answered++;
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    void cut() {
        cut++;
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    void bytes(int count) {
        bytes += count;
    }

    void failed(String what) {
        if (failures.size() < MOST_FAILURES) {
            failures.add(what);
        }
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** How many connections of each kind are open. */
    Map<SoakKind, Integer> openKinds() {
        return openNow;
    }

    long answeredCount() {
        return answered;
    }

    long cutCount() {
        return cut;
    }

    long byteCount() {
        return bytes;
    }

    long connectionCount() {
        return connections;
    }
}
