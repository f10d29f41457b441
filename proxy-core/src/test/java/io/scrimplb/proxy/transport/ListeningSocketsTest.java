package io.scrimplb.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may listen at a port, and what becomes of the connections that come in. */
@Timeout(60)
class ListeningSocketsTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration SOON = Duration.ofSeconds(15);

    private final List<AutoCloseable> closing = new ArrayList<>();
    private final Queue<Channel> connections = new ConcurrentLinkedQueue<>();
    private final Queue<Loop> chosen = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() throws Exception {
        for (int i = closing.size() - 1; i >= 0; i--) {
            closing.get(i).close();
        }
    }

    private EventLoops loops(SocketApi api, int count) {
        String missing = api.missing();
        assumeTrue(missing == null, () -> "no " + api + " on this machine: " + missing);
        EventLoops loops = EventLoops.start(List.of(api), count);
        closing.add(loops);
        return loops;
    }

    private ListeningSockets bind(EventLoops loops, InetSocketAddress address) throws IOException {
        Function<Loop, ChannelHandler> handlers = loop -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                assertThat(ctx.executor()).isSameAs(loop.executor());
                chosen.add(loop);
                connections.add(ctx.channel());
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }
        };
        return ListeningSockets.bind(loops, address, handlers);
    }

    private List<Socket> connect(InetSocketAddress to, int count) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(to.getAddress(), to.getPort());
            closing.add(socket);
            sockets.add(socket);
        }
        return sockets;
    }

    private long on(Loop loop) {
        return chosen.stream().filter(one -> one == loop).count();
    }

    @ParameterizedTest
    @EnumSource(SocketApi.class)
    void aPortIsRefusedWhileAnotherListensAtIt(SocketApi api) throws Exception {
        ListeningSockets first = bind(loops(api, 3), ANY);

        for (SocketApi other : SocketApi.values()) {
            if (other.missing() == null) {
                assertThatThrownBy(() -> bind(loops(other, 2), first.address()))
                        .as("%s beside %s", other, api)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("in use");
            }
        }
        first.close();
        bind(loops(api, 3), first.address()).close();
    }

    @ParameterizedTest
    @EnumSource(SocketApi.class)
    void ofThoseThatBindAPortAtTheSameTimeAtMostOneGetsIt(SocketApi api) throws Exception {
        int rivals = 4;
        List<EventLoops> all = new ArrayList<>();
        for (int i = 0; i < rivals; i++) {
            all.add(loops(api, 2));
        }
        InetSocketAddress address = bindAndClose(all.get(0));
        CyclicBarrier start = new CyclicBarrier(rivals);
        ExecutorService threads = Executors.newFixedThreadPool(rivals);
        closing.add(threads::shutdownNow);
        int won = 0;
        for (int round = 0; round < 25; round++) {
            List<Callable<ListeningSockets>> attempts = new ArrayList<>();
            for (EventLoops loops : all) {
                attempts.add(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    try {
                        return bind(loops, address);
                    } catch (IOException taken) {
                        return null;
                    }
                });
            }
            List<ListeningSockets> winners = new ArrayList<>();
            for (Future<ListeningSockets> attempt : threads.invokeAll(attempts)) {
                if (attempt.get() != null) {
                    winners.add(attempt.get());
                }
            }
            winners.forEach(ListeningSockets::close);
            assertThat(winners).hasSizeLessThanOrEqualTo(1);
            won += winners.size();
        }
        assertThat(won).as("rounds that somebody won").isPositive();
    }

    private InetSocketAddress bindAndClose(EventLoops loops) throws IOException {
        ListeningSockets sockets = bind(loops, ANY);
        sockets.close();
        return sockets.address();
    }

    @ParameterizedTest
    @EnumSource(SocketApi.class)
    void aPortCanBeHadAgainAtOnceAlthoughItsConnectionsLinger(SocketApi api) throws Exception {
        EventLoops loops = loops(api, 2);
        ListeningSockets sockets = bind(loops, ANY);
        connect(sockets.address(), 8);
        await().atMost(SOON).until(() -> connections.size() == 8);
        // This side closes first, so it is this side that lingers in TIME_WAIT; half of them stay open.
        for (int i = 0; i < 4; i++) {
            connections.remove().close().syncUninterruptibly();
        }
        sockets.close();

        ListeningSockets again = bind(loops, sockets.address());

        assertThat(again.count()).isEqualTo(sockets.count());
        connect(again.address(), 1);
        await().atMost(SOON).until(() -> connections.size() == 5);
    }

    @ParameterizedTest
    @EnumSource(SocketApi.class)
    void eachLoopAcceptsByItselfWhereTheSystemSharesPorts(SocketApi api) throws Exception {
        ListeningSockets sockets = bind(loops(api, 3), ANY);

        assertThat(sockets.count()).isEqualTo(api == SocketApi.NIO ? 1 : 3);
    }

    @ParameterizedTest
    @EnumSource(SocketApi.class)
    void openConnectionsAreSpreadEvenly(SocketApi api) throws Exception {
        EventLoops loops = loops(api, 4);
        ListeningSockets sockets = bind(loops, ANY);

        connect(sockets.address(), 64);

        await().atMost(SOON).until(() -> connections.size() == 64);
        // 16 each; by the kernel's hash alone one in ten runs has a loop with less than 9 or more than 24.
        assertThat(loops.loops()).allSatisfy(loop -> {
            assertThat(on(loop)).isBetween(11L, 22L);
            assertThat(loop.connections()).isEqualTo((int) on(loop));
        });
        connections.forEach(Channel::close);
        await().atMost(SOON).untilAsserted(() -> assertThat(loops.loops()).allMatch(loop -> loop.connections() == 0));
    }

    @ParameterizedTest
    @EnumSource(SocketApi.class)
    void connectionsThatWaitAreAcceptedBeforeTheSocketIsClosed(SocketApi api) throws Exception {
        EventLoops loops = loops(api, 2);
        ListeningSockets sockets = bind(loops, ANY);
        CountDownLatch busy = new CountDownLatch(1);
        for (Loop loop : loops.loops()) {
            loop.executor().execute(() -> {
                try {
                    busy.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        // More than one turn of a loop accepts; the kernel has them all, the loops are busy.
        connect(sockets.address(), 300);
        Thread retiring = new Thread(sockets::close);
        retiring.start();
        busy.countDown();
        retiring.join(20_000);

        await().atMost(SOON).until(() -> connections.size() == 300);
        assertThatThrownBy(() -> connect(sockets.address(), 1)).isInstanceOf(IOException.class);
        assertThat(connections).allMatch(Channel::isActive);
    }

    @ParameterizedTest
    @EnumSource(SocketApi.class)
    void smallWritesAreNotHeldBack(SocketApi api) throws Exception {
        EventLoops loops = loops(api, 1);
        ListeningSockets sockets = bind(loops, ANY);
        Channel client = loops.client(loops.loops().get(0), SOON)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(sockets.address())
                .syncUninterruptibly()
                .channel();
        await().atMost(SOON).until(() -> connections.size() == 1);

        assertThat(client.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
        assertThat(connections.element().config().getOption(ChannelOption.TCP_NODELAY))
                .isTrue();
    }
}
