package io.scrimplb.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.scrimplb.proxy.partners.AcceptingSocket;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults of Netty's epoll that the proxy's does not have; the other one shows in TcpTest. */
@Timeout(60)
class MendedEpollTest {
    private static final int ROUNDS = 50;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final BlockingQueue<Socket> accepted = new ArrayBlockingQueue<>(16);
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger reused = new AtomicInteger();

    @Test
    void anEventOfAClosedChannelDoesNotReachTheOneThatGotItsDescriptor() throws Exception {
        assumeTrue(SocketApi.EPOLL.missing() == null, "no epoll on this machine");
        try (AcceptingSocket origin = AcceptingSocket.start("MendedEpollTest origin", (socket, number) -> {
                    accepted.add(socket);
                    InputStream in = socket.getInputStream();
                    while (in.read() >= 0) {
                        // Until the proxy's side closes.
                    }
                });
                EventLoops loops = new EventLoops(SocketApi.EPOLL, 1, new KernelPipes(0))) {
            for (int round = 0; round < ROUNDS; round++) {
                twoEventsOfWhichTheFirstClosesTheOther(loops, origin.address());
            }
        }

        assertThat(failures).isEmpty();
        assertThat(reused).as("rounds in which the descriptor came back").hasPositiveValue();
    }

    private void twoEventsOfWhichTheFirstClosesTheOther(EventLoops loops, InetSocketAddress address) throws Exception {
        Loop loop = loops.loops().get(0);
        CompletableFuture<ChannelFuture> third = new CompletableFuture<>();
        Channel[] pair = new Channel[2];
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            pair[i] = loops.client(loop, CONNECT)
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object message) {
                            ReferenceCountUtil.release(message);
                            if (!third.isDone()) {
                                third.complete(replace(loops, loop, address, pair[other]));
                            }
                        }
                    })
                    .connect(address)
                    .sync()
                    .channel();
        }
        Socket first = otherEnd(pair[0]);
        Socket second = otherEnd(pair[1]);
        CountDownLatch bothSent = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        loop.executor().execute(() -> {
            held.countDown();
            awaitQuietly(bothSent);
        });
        // A loop that has not begun to wait would take the first byte by itself.
        assertThat(held.await(8, TimeUnit.SECONDS)).isTrue();
        send(first);
        send(second);
        bothSent.countDown();

        Channel made = third.get(8, TimeUnit.SECONDS).sync().channel();
        otherEnd(made);
        made.close().sync();
        pair[0].close().sync();
        pair[1].close().sync();
    }

    /** The accepted end of a connection; whoever else may connect to a port that was another server's before is none. */
    private Socket otherEnd(Channel channel) throws InterruptedException {
        int port = ((InetSocketAddress) channel.localAddress()).getPort();
        Socket found = accepted.take();
        while (found.getPort() != port) {
            accepted.add(found);
            found = accepted.take();
        }
        return found;
    }

    /** Closes a channel and makes another one, which gets the lowest free descriptor. */
    private ChannelFuture replace(EventLoops loops, Loop loop, InetSocketAddress address, Channel old) {
        int descriptor = ((EpollSocketChannel) old).fd().intValue();
        old.close();
        ChannelFuture made = loops.client(loop, CONNECT)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        failures.add(cause);
                    }
                })
                .connect(address);
        if (((EpollSocketChannel) made.channel()).fd().intValue() == descriptor) {
            reused.incrementAndGet();
        }
        return made;
    }

    private static void send(Socket socket) throws IOException {
        socket.getOutputStream().write('x');
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(8, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the bytes were not sent");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
