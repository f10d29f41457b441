package io.scrimplb.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.scrimplb.proxy.partners.AcceptingSocket;
import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.TcpEchoOrigin;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a relay carries through a pipe of the kernel arrives as what it copies does, and ends as that does. */
@Timeout(60)
class SplicedRelayTest {
    private static final Duration SOON = Duration.ofSeconds(8);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long SEED = 5;
    private static final int MANY = 8;
    private static final int BULK = 4 << 20;

    private final Deque<AutoCloseable> partners = new ArrayDeque<>();
    private final KernelPipes pipes = new KernelPipes(MANY);

    @BeforeEach
    void epollIsThere() {
        assumeTrue(SocketApi.EPOLL.missing() == null, "no epoll on this machine");
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!partners.isEmpty()) {
            partners.pop().close();
        }
        assertThat(pipes.open()).as("pipes never given back").isZero();
    }

    private <T extends AutoCloseable> T with(T partner) {
        partners.push(partner);
        return partner;
    }

    private RelayRig rig(InetSocketAddress origin) {
        return rig(origin, pipes, LONG);
    }

    private RelayRig rig(InetSocketAddress origin, KernelPipes from, Duration idle) {
        return with(new RelayRig(true, from, idle, origin));
    }

    private AcceptingSocket origin(AcceptingSocket.ConnectionHandler handler) {
        return with(AcceptingSocket.start("SplicedRelayTest origin", handler));
    }

    private RawClient connect(RelayRig rig) {
        return with(RawClient.connect(rig.address()));
    }

    /** A client whose side of the proxy holds little, so that bytes soon wait in the pipe. */
    private RawClient connectNarrow(RelayRig rig) {
        return with(RawClient.connect(rig.address(), BodyBytes.SMALL_SOCKET_BUFFER));
    }

    private static CompletableFuture<String> sending(RawClient client, long size) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                String digest = BodyBytes.write(client.out(), SEED, size);
                client.halfClose();
                return digest;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static InputStream stream(RawClient client) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return client.reader().read();
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return client.reader().read(target, offset, length);
            }
        };
    }

    /** Sends bulk until the direction is spliced, and reads it. */
    private void untilSpliced(RawClient client, int pipesThen) throws IOException {
        long deadline = System.nanoTime() + SOON.toNanos();
        byte[] piece = BodyBytes.of(SEED, 256 * 1024);
        while (pipes.open() < pipesThen) {
            assertThat(System.nanoTime()).as("spliced in time").isLessThan(deadline);
            client.send(piece);
            assertThat(client.exactly(piece.length)).isEqualTo(piece);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16_383, 16_384, 65_535, 65_536, 65_537, 131_072, 131_073, 1 << 20, (5 << 20) + 3})
    void everyByteArrivesAndIsCountedOnce(int size) throws Exception {
        RelayRig rig = rig(with(new TcpEchoOrigin()).address());
        RawClient client = connect(rig);

        CompletableFuture<String> sent = sending(client, size);

        assertThat(BodyBytes.digest(stream(client)))
                .isEqualTo(sent.get(20, TimeUnit.SECONDS))
                .isEqualTo(BodyBytes.digest(SEED, size));
        assertThat(rig.ending()).isEqualTo(ByteRelay.Ending.CLOSED);
        assertThat(rig.received).hasValue(size);
        assertThat(rig.sent).hasValue(size);
    }

    @Test
    void bothDirectionsAreSplicedAtOnce() throws Exception {
        RelayRig rig = rig(with(new TcpEchoOrigin()).address());
        RawClient client = connect(rig);
        long size = 64L << 20;
        AtomicInteger most = new AtomicInteger();
        InputStream watched = new FilterInputStream(stream(client)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                most.accumulateAndGet(pipes.open(), Math::max);
                return super.read(target, offset, length);
            }
        };

        CompletableFuture<String> sent = sending(client, size);

        assertThat(BodyBytes.digest(watched)).isEqualTo(sent.get(30, TimeUnit.SECONDS));
        assertThat(most).hasValue(2);
        assertThat(rig.received).hasValue(size);
        assertThat(rig.sent).hasValue(size);
    }

    @Test
    void messagesAreNotSpliced() throws Exception {
        RelayRig rig = rig(with(new TcpEchoOrigin()).address());
        RawClient client = connect(rig);
        byte[] message = BodyBytes.of(SEED, 1024);

        for (int i = 0; i < 300; i++) {
            client.send(message);
            assertThat(client.exactly(message.length)).isEqualTo(message);
            assertThat(pipes.open()).isZero();
        }
    }

    @Test
    void bulkThatTurnsIntoMessagesGivesItsPipesBack() throws Exception {
        RelayRig rig = rig(with(new TcpEchoOrigin()).address());
        RawClient client = connect(rig);
        untilSpliced(client, 1);
        byte[] message = BodyBytes.of(SEED, 100);

        await().atMost(SOON).pollDelay(Duration.ZERO).until(() -> {
            client.send(message);
            assertThat(client.exactly(message.length)).isEqualTo(message);
            return pipes.open() == 0;
        });
        untilSpliced(client, 1);
    }

    @Test
    void aQuietSessionGivesItsPipesBackAndGoesOn() throws Exception {
        RelayRig rig = rig(with(new TcpEchoOrigin()).address());
        RawClient client = connect(rig);
        untilSpliced(client, 1);

        await().atMost(SOON).until(() -> pipes.open() == 0);

        untilSpliced(client, 1);
        assertThat(rig.ending).isNotDone();
    }

    @Test
    void anEndOfTheClientsOutputArrivesBehindItsBulk() throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        AcceptingSocket answering = origin((socket, number) -> {
            heard.complete(BodyBytes.digest(socket.getInputStream()));
            BodyBytes.write(socket.getOutputStream(), SEED + 1, BULK);
        });
        RelayRig rig = rig(answering.address());
        RawClient client = connect(rig);

        CompletableFuture<String> sent = sending(client, BULK);

        assertThat(BodyBytes.digest(stream(client))).isEqualTo(BodyBytes.digest(SEED + 1, BULK));
        assertThat(heard.get(8, TimeUnit.SECONDS)).isEqualTo(sent.get(8, TimeUnit.SECONDS));
        assertThat(rig.ending()).isEqualTo(ByteRelay.Ending.CLOSED);
    }

    @Test
    void anEndOfTheOriginsOutputArrivesBehindItsBulkAndTheClientIsStillHeard() throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        AcceptingSocket leaving = origin((socket, number) -> {
            BodyBytes.write(socket.getOutputStream(), SEED, BULK);
            socket.shutdownOutput();
            heard.complete(BodyBytes.digest(socket.getInputStream()));
        });
        RelayRig rig = rig(leaving.address());
        RawClient client = connectNarrow(rig);

        assertThat(BodyBytes.digest(stream(client))).isEqualTo(BodyBytes.digest(SEED, BULK));
        assertThat(sending(client, BULK).get(8, TimeUnit.SECONDS)).isEqualTo(heard.get(8, TimeUnit.SECONDS));
        assertThat(rig.ending()).isEqualTo(ByteRelay.Ending.CLOSED);
    }

    @Test
    void aResetOfTheOriginInTheMiddleOfItsBulkIsAResetForTheClient() throws Exception {
        CountDownLatch spliced = new CountDownLatch(1);
        AcceptingSocket resetting = origin((socket, number) -> {
            BodyBytes.write(socket.getOutputStream(), SEED, BULK);
            awaitQuietly(spliced);
            reset(socket);
        });
        RelayRig rig = rig(resetting.address());
        RawClient client = connect(rig);
        assertThat(client.exactly(BULK)).isEqualTo(BodyBytes.of(SEED, BULK));
        assertThat(pipes.open()).isEqualTo(1);

        spliced.countDown();

        assertThatThrownBy(() -> client.reader().read()).isInstanceOf(SocketException.class);
        assertThat(rig.ending()).isEqualTo(ByteRelay.Ending.ORIGIN_RESET);
    }

    @Test
    void aResetOfTheOriginIsNoticedWhileItsBulkWaitsForASlowClient() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        AtomicLong written = new AtomicLong();
        AcceptingSocket resetting = origin((socket, number) -> {
            CompletableFuture.runAsync(() -> {
                awaitQuietly(stalled);
                reset(socket);
            });
            BodyBytes.write(socket.getOutputStream(), SEED, 64L << 20, written::set);
        });
        RelayRig rig = rig(resetting.address());
        RawClient client = connectNarrow(rig);
        awaitStill(written);
        assertThat(pipes.open()).isEqualTo(1);

        stalled.countDown();

        assertThat(rig.ending()).isEqualTo(ByteRelay.Ending.ORIGIN_RESET);
        assertThatThrownBy(() -> BodyBytes.digest(stream(client))).isInstanceOf(SocketException.class);
    }

    @Test
    void aResetOfTheClientInTheMiddleOfADownloadIsAResetForTheOrigin() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        AcceptingSocket pouring = origin((socket, number) -> {
            try {
                BodyBytes.write(socket.getOutputStream(), SEED, 64L << 20);
                told.complete(new AssertionError("all was taken"));
            } catch (IOException e) {
                told.complete(e);
            }
        });
        RelayRig rig = rig(pouring.address());
        RawClient client = connect(rig);
        client.exactly(BULK);
        assertThat(pipes.open()).isEqualTo(1);

        client.reset();

        assertThat(told.get(8, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
        assertThat(rig.ending()).isEqualTo(ByteRelay.Ending.CLIENT_RESET);
    }

    @Test
    void aSlowClientStopsTheOriginAndGetsEveryByteInTheEnd() throws Exception {
        long size = 64L << 20;
        AtomicLong written = new AtomicLong();
        AcceptingSocket pouring = with(AcceptingSocket.start(
                "pouring",
                BodyBytes.SMALL_SOCKET_BUFFER,
                (socket, number) -> BodyBytes.write(socket.getOutputStream(), SEED, size, written::set)));
        RelayRig rig = rig(pouring.address());
        RawClient client = connectNarrow(rig);

        assertThat(awaitStill(written)).isLessThan(10L << 20);

        assertThat(BodyBytes.digest(stream(client))).isEqualTo(BodyBytes.digest(SEED, size));
        client.halfClose();
        assertThat(rig.ending()).isEqualTo(ByteRelay.Ending.CLOSED);
        assertThat(rig.sent).hasValue(size);
    }

    @Test
    void aSplicedSessionWithoutAByteIsIdle() throws Exception {
        AcceptingSocket silent = origin((socket, number) -> {
            BodyBytes.write(socket.getOutputStream(), SEED, BULK);
            socket.getInputStream().read();
        });
        RelayRig rig = rig(silent.address(), pipes, Duration.ofMillis(500));
        RawClient client = connect(rig);
        client.exactly(BULK);
        assertThat(pipes.open()).isEqualTo(1);

        assertThat(rig.ending()).isEqualTo(ByteRelay.Ending.IDLE);
        assertThat(client.closedWithin(SOON)).isTrue();
    }

    @Test
    void aSplicedSessionInWhichBytesFlowIsNotIdle() throws Exception {
        RelayRig rig = rig(with(new TcpEchoOrigin()).address(), pipes, Duration.ofMillis(700));
        RawClient client = connect(rig);
        untilSpliced(client, 1);
        byte[] piece = BodyBytes.of(SEED, 64 * 1024);

        // Five exchanges, each well within the limit of the one before, and more than three limits in all.
        for (int i = 0; i < 5; i++) {
            assertThat(client.silentFor(Duration.ofMillis(450))).isTrue();
            client.send(piece);
            assertThat(client.exactly(piece.length)).isEqualTo(piece);
        }

        assertThat(rig.ending).isNotDone();
    }

    @Test
    void withoutPipesBulkIsCopied() throws Exception {
        KernelPipes none = new KernelPipes(0);
        RelayRig rig = rig(with(new TcpEchoOrigin()).address(), none, LONG);
        RawClient client = connect(rig);

        CompletableFuture<String> sent = sending(client, 16L << 20);

        assertThat(BodyBytes.digest(stream(client))).isEqualTo(sent.get(20, TimeUnit.SECONDS));
        assertThat(none.open()).isZero();
        assertThat(rig.sent).hasValue(16L << 20);
    }

    @Test
    void moreSessionsThanPipesAreCarriedAll() throws Exception {
        KernelPipes one = new KernelPipes(1);
        RelayRig rig = rig(with(new TcpEchoOrigin()).address(), one, LONG);
        RawClient first = connect(rig);
        RawClient second = connect(rig);

        CompletableFuture<String> sentFirst = sending(first, BULK);
        CompletableFuture<String> sentSecond = sending(second, BULK);
        CompletableFuture<String> got = CompletableFuture.supplyAsync(() -> {
            try {
                return BodyBytes.digest(stream(second));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThat(BodyBytes.digest(stream(first))).isEqualTo(sentFirst.get(20, TimeUnit.SECONDS));
        assertThat(got.get(20, TimeUnit.SECONDS)).isEqualTo(sentSecond.get(20, TimeUnit.SECONDS));
        await().atMost(SOON).until(() -> one.open() == 0);
    }

    @Test
    void noDescriptorIsLeftOverFromSessionsThatEndInAnyWay() throws Exception {
        TcpEchoOrigin echo = with(new TcpEchoOrigin());
        RelayRig rig = rig(echo.address());
        sessionsOfEveryKind(rig, echo);
        long before = descriptors();

        for (int i = 0; i < 10; i++) {
            sessionsOfEveryKind(rig, echo);
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before));
    }

    private void sessionsOfEveryKind(RelayRig rig, TcpEchoOrigin echo) throws Exception {
        try (RawClient whole = RawClient.connect(rig.address());
                RawClient cut = RawClient.connect(rig.address());
                RawClient reset = RawClient.connect(rig.address())) {
            untilSpliced(cut, 1);
            untilSpliced(reset, pipes.open() + 1);
            CompletableFuture<String> sent = sending(whole, BULK);
            assertThat(BodyBytes.digest(stream(whole))).isEqualTo(sent.get(8, TimeUnit.SECONDS));
            reset.reset();
        }
        await().atMost(SOON).until(() -> pipes.open() == 0 && echo.open() == 0);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static long awaitStill(AtomicLong count) {
        long[] last = {0, System.nanoTime()};
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            if (count.get() == 0 || count.get() != last[0]) {
                last[0] = count.get();
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > Duration.ofMillis(700).toNanos();
        });
        return count.get();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test did not come so far");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
